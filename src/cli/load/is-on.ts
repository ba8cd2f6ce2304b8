/** Whether a variable of Docker Compose's that switches something says yes. */
export const isOn = (text: string | undefined): boolean => /^(1|t|true|y|yes|on)$/i.test(text ?? "");
