import { expect, test } from "vitest";
import { cookieIn, linkedActivity } from "../src/told";

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

test.each([
  ["", ""],
  ["other=1", ""],
  ["xcsrftoken=1", ""],
  ["csrftoken=abc", "abc"],
  ["a=b; csrftoken=abc=; c=d", "abc="],
])("the token in the cookies %s", (cookies, token) => expect(cookieIn(cookies, "csrftoken")).toBe(token));
