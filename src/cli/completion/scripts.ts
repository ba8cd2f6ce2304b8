/** The shells that completion is there for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * What each shell runs for a completion: it asks gantry itself, with the words up to the cursor, so that a script never
 * falls behind the program. An answer of ":files" stands for the files of the directory.
 */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# bash completion for gantry: source <(gantry completion bash)
_gantry() {
  local line=\${COMP_LINE:0:COMP_POINT} words word candidates
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  word=\${words[\${#words[@]}-1]}
  mapfile -t candidates < <("\${words[0]}" __complete -- "\${words[@]:1}" 2> /dev/null)
  if [[ \${candidates[0]} == :files ]]; then
    compopt -o default
    return
  fi
  # Bash takes what is before = and : for a word of its own.
  local before=""
  [[ $word == *[=:]* ]] && before=\${word%"\${word##*[=:]}"}
  local candidate
  for candidate in "\${candidates[@]%%$'\\t'*}"; do
    [[ $candidate == "$word"* ]] && COMPREPLY+=("\${candidate#"$before"}")
  done
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace
}
complete -F _gantry gantry
`,
  zsh: `#compdef gantry
# zsh completion for gantry: source <(gantry completion zsh), or this file as _gantry in a directory of $fpath
_gantry() {
  local -a lines candidates
  lines=("\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2> /dev/null)}")
  if [[ $lines[1] == :files ]]; then
    _files
    return
  fi
  local line
  for line in $lines; do
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${\${line#*$'\\t'}:#$line}")
  done
  _describe gantry candidates
}
[[ $funcstack[1] == _gantry ]] && _gantry || compdef _gantry gantry
`,
  fish: `# fish completion for gantry: gantry completion fish | source
function __gantry_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l candidates ($words[1] __complete -- $words[2..-1] 2> /dev/null)
  if test "$candidates[1]" = ":files"
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $candidates
  end
end
complete -c gantry -f -a '(__gantry_complete)'
`,
};
