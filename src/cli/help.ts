/** Shown below the list of commands. */
export const EXAMPLES = `
Examples:
  gantry up                    start everything and show its output
  gantry up -d --wait          start in the background, return when everything is ready
  gantry ps                    what is running
  gantry logs -f web           follow the output of one service
  gantry exec web sh           a shell in a running container
  gantry down                  stop and remove everything (volumes stay)
  gantry image load -i x.tar   take images from \`docker save\` or an OCI archive
  gantry doctor                whether this machine has what is needed`;
