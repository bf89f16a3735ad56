import { expect, test } from "vitest";
import { linkedActivity } from "../src/told";

test.each([
  ["#mail", "mail"],
  ["#two-days_2", "two-days_2"],
  ["", ""],
  ["#", ""],
  ["#%", ""],
  ["#%E0%A4%A", ""],
  ["#<img src=x onerror=alert(1)>", ""],
  ["#javascript:alert(1)", ""],
])("what stands behind the # of %s", (hash, activity) => expect(linkedActivity(hash)).toBe(activity));
