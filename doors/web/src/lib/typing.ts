/** Whatever keys are typed into, and dialogs: there they mean nothing for the picture. */
export const TYPING = 'input:not([type="range"], [type="radio"], [type="checkbox"]), textarea, select, dialog';
