// Is there a face with Chinese characters? Without one every character is the same empty box.

const NEVER_A_CHARACTER = "\u{10FFFE}";
const SIZE = 24;

function drawn(text: string): string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * 2;
  const pen = canvas.getContext("2d");
  if (!pen) return "";
  pen.font = `${SIZE}px ${getComputedStyle(document.body).fontFamily}`;
  pen.fillText(text, 4, SIZE + 8);
  return canvas.toDataURL();
}

export function hasChineseFace(): boolean {
  const first = drawn("永");
  return first !== drawn("审") && first !== drawn(NEVER_A_CHARACTER);
}

export function tellMissingFace(): void {
  const told = document.querySelector<HTMLElement>("[data-no-font]");
  if (told && document.documentElement.lang.startsWith("zh")) told.hidden = hasChineseFace();
}
