// One sheet at a time, over the desk: somebody who waits, a break, handing over, a lead's acts.
import { html, signal } from "/vendor/ui.js";
import { ApartSheet } from "./apart.js";
import { Dialog } from "./dialog.js";
import { Floor } from "./floor.js";
import { HandOver } from "./handover.js";
import { NeedSheet } from "./need.js";
import { OwnPhone } from "./phone-own.js";
import { AddPerson, EndCall, LineSheet, Transfer } from "./phone-sheets.js";
import { Rest } from "./rest.js";
import { WaitsSheet } from "./waits.js";

/** @typedef {{ kind: "waits" | "rest" | "hand" | "held" | "seat" | "hub" | "need" | "apart" | "phone" | "add" | "transfer" | "line" | "end", id: string }} Sheet */

export const sheet = signal(/** @type {Sheet | null} */ (null));

/** @param {Sheet["kind"]} kind @param {string} [id] */
export function open(kind, id = "") {
  sheet.value = { kind, id };
}

export function close() {
  sheet.value = null;
}

export function Sheets() {
  const shown = sheet.value;
  if (!shown) return null;
  const { kind, id } = shown;
  return html`<${Dialog} label="sheet-h" close=${close} key=${kind + id}>
    ${kind === "waits" && html`<${WaitsSheet} id=${id} close=${close} />`}
    ${kind === "rest" && html`<${Rest} close=${close} />`}
    ${kind === "need" && html`<${NeedSheet} id=${id} close=${close} />`}
    ${kind === "apart" && html`<${ApartSheet} id=${id} close=${close} />`}
    ${kind === "phone" && html`<${OwnPhone} close=${close} />`}
    ${kind === "add" && html`<${AddPerson} id=${id} close=${close} />`}
    ${kind === "transfer" && html`<${Transfer} id=${id} close=${close} />`}
    ${kind === "line" && html`<${LineSheet} id=${id} close=${close} />`}
    ${kind === "end" && html`<${EndCall} id=${id} close=${close} />`}
    ${kind === "hand" && html`<${HandOver} id=${id} close=${close} />`}
    ${(kind === "held" || kind === "seat" || kind === "hub") && html`<${Floor} kind=${kind} id=${id} close=${close} />`}
  </${Dialog}>`;
}
