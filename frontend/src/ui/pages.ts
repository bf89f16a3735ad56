// Which page of the admin has the form for a part of the document that the canvas does not draw.
import type { Problem } from "../api/client";
import type { CampaignDocument } from "../model/document";
import { activityOf, own, transitionsOf } from "../model/document";

const PAGES: { readonly [section: string]: string } = {
  schedule: "schedule",
  variables: "settings",
  campaign: "settings",
  errors: "settings",
};

/** Its address; empty where there is none, or none that this person may read. */
export function pageOf({ path }: Problem, pages: { readonly [name: string]: string }): string {
  const name = own(PAGES, path.split("/")[1] ?? "");
  return (name && own(pages, name)) ?? "";
}

/** An activity at an end of the transition that a path leads to; empty where it leads elsewhere, or neither is there. */
export function endOf(path: string, document: CampaignDocument): string {
  const [, section, place] = path.split("/");
  const transition = section === "transitions" ? transitionsOf(document)[Number(place)] : undefined;
  return [transition?.from, transition?.to].find((id) => id !== undefined && activityOf(document, id)) ?? "";
}
