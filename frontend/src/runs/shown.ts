import type { Happening } from "../canvas/drawn";
import type { CampaignDocument } from "../model/document";
import type { Known } from "../model/kinds";
import type { Line, Run } from "./api";
import type { Session } from "./session";

/** What all parts of the view are given. */
export interface Shown {
  readonly run: Run;
  readonly document: CampaignDocument;
  readonly known: Known;
  readonly happening: Happening;
  readonly session: Session;
  readonly now: number;
  readonly lines: readonly Line[];
  readonly title: (activity: string) => string;
}
