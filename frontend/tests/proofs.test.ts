import { expect, test } from "vitest";
import { addressesIn } from "../src/proofs/addresses";
import { en, ko } from "../src/proofs/messages";

test("addresses are read as they are typed", () => {
  expect(addressesIn(" a@x.example; b@x.example,\n,c@x.example ")).toEqual(["a@x.example", "b@x.example", "c@x.example"]);
  expect(addressesIn("010-1234-5678; +82 10 2345 6789")).toEqual(["010-1234-5678", "+82 10 2345 6789"]);
});

test("every state has words for each medium, in both languages", () => {
  for (const words of [en, ko]) {
    expect(Object.keys(words.state)).toEqual(["sent", "failed_permanent", "failed_temporary", "not_attempted", "unknown"]);
    for (const each of Object.values(words.state)) expect(each.email && each.sms).toBeTruthy();
  }
});
