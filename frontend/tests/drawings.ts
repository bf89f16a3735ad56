// Drawings and types for tests: letters are activities, "a-b" is a transition, "a.rest-b" one by the port `rest`.
import type { Activity, CampaignDocument, Transition } from "../src/model/document";
import type { Kind, Known, Port } from "../src/model/kinds";

export const port = (name: string, more: Partial<Port> = {}): Port => ({
  name,
  label: name,
  optional: false,
  leads_back: false,
  ...more,
});

export const kind = (name: string, more: Partial<Kind> = {}): Kind => ({
  name,
  label: name.toUpperCase(),
  description: "",
  category: "flow",
  icon: "circle",
  law: "copy",
  inbound_min: 1,
  inbound_max: 1,
  ports: [port("main")],
  settings: { type: "object", properties: {} },
  ...more,
});

const uniting = {
  type: "object",
  properties: {
    primary: { type: "string", widget: "arrow" },
    rules: { type: "array", items: { $ref: "#/$defs/Rule" } },
    note: { type: "string" },
  },
  $defs: { Rule: { type: "object", properties: { arrow: { type: "string", widget: "arrow" } } } },
};

export const KNOWN: Known = {
  kinds: new Map(
    [
      kind("step"),
      kind("start", { inbound_min: 0, inbound_max: 0 }),
      kind("fan", { ports: [port("main"), port("rest", { optional: true })] }),
      kind("unite", { inbound_max: null, settings: uniting }),
      kind("over", { ports: [] }),
      kind("again", { ports: [port("main"), port("back", { leads_back: true })] }),
    ].map((each) => [each.name, each]),
  ),
  ports: {},
};

export function drawing(activities: string, arrows = ""): CampaignDocument {
  const parts = activities.split(" ").filter(Boolean).map(activity);
  return {
    tutti: 1,
    campaign: { slug: "c", name: "C" },
    activities: parts,
    transitions: arrows.split(" ").filter(Boolean).map(arrow),
  };
}

function activity(text: string): Activity {
  const [id = "", type = "step"] = text.split(":");
  return { id, type };
}

function arrow(text: string): Transition {
  const [source = "", to = ""] = text.split("-");
  const [from = "", name] = source.split(".");
  return { from, to, ...(name ? { port: name } : {}) };
}

export const arrows = (document: CampaignDocument): string[] =>
  (document.transitions ?? []).map((each) => `${each.from}${each.port ? `.${each.port}` : ""}-${each.to}`);

export const ids = (document: CampaignDocument): string[] => (document.activities ?? []).map((each) => each.id);

/** Numbers that look random and are the same in every run. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}
