// A file that is made here, given to the person.

export function giveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Some browsers begin after the click.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
