import decodeQR from "qr/decode.js";
import { describe, expect, it, vi } from "vitest";

vi.stubGlobal("document", { baseURI: "https://api.example/beta/console" });

const { phoneSetup } = await import("../../src/screens/integration");
const { pathOf } = await import("../../src/ui/qr-code");

/** Draws the rectangles of the path independently: `Mx yh..v1H..z` for each run of dark modules. */
function drawn({ path, side }: ReturnType<typeof pathOf>, scale = 4) {
  const size = side * scale;
  const data = new Uint8ClampedArray(size * size * 4).fill(255);
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++) {
      const start = row * size + Number(x) * scale;
      for (let at = start; at < start + Number(length) * scale; at++) data.set([0, 0, 0], at * 4);
    }
  }
  return { width: size, height: size, data };
}

describe("the code for a phone", () => {
  it("has the address of the API, the person and the token", () => {
    expect(JSON.parse(phoneSetup("u", "t"))).toEqual({
      base_url: "https://api.example/beta",
      user_uuid: "u",
      access_token: "t",
    });
  });

  it.each([1, 300, 700])("is read as what it was made of, with a token of %i characters", (length) => {
    const token = Array.from(
      { length },
      (_, at) => "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."[(at * 7) % 65],
    ).join("");
    const text = phoneSetup("958a5ae8-f3a3-41d5-ae48-177fdc19e3f4", token);
    expect(decodeQR(drawn(pathOf(text)))).toBe(text);
  });

  it("has four modules of empty space around it", () => {
    const { path, side } = pathOf("text");
    const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(
      (run) => run.slice(1).map(Number) as [number, number, number],
    );
    expect(Math.min(...runs.map(([x]) => x))).toBe(4);
    expect(Math.min(...runs.map(([, y]) => y))).toBe(4);
    expect(Math.max(...runs.map(([x, , length]) => x + length))).toBe(side - 4);
  });
});
