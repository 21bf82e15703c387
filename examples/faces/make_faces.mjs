// Draws faces in four styles of DiceBear, all under CC0 1.0, for pack_faces.py.
//
//     npm install && node make_faces.mjs drawn
//
// Writes a file for each style, drawn/lorelei.rgb and so on: 1,300 faces, one after another,
// each with 64x64 pixels of red, green and blue bytes. Prints the license of each style.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { createAvatar } from "@dicebear/core";
import * as lorelei from "@dicebear/lorelei";
import * as notionists from "@dicebear/notionists";
import * as openPeeps from "@dicebear/open-peeps";
import * as pixelArt from "@dicebear/pixel-art";
import { Resvg } from "@resvg/resvg-js";

const SIDE = 64; // pixels
const FACES = 1300; // of each style; pack_faces.py keeps 1,250 that differ enough
const BACKGROUNDS = ["b6e3f4", "c9b8e8", "d1f0c4", "ffd5dc", "ffeeb3"];
const SKINS = ["ffdbb4", "edb98a", "d08b5b", "b3683a", "8f5f43"];
const HAIR = ["1a1a1a", "4a312c", "724133", "a55728", "b58143", "d6b370", "c93305", "6b6f8a"];

// The variants of one part of a style, without those named.
function without(style, place, ...names) {
  return style.schema.properties[place].default.filter((name) => !names.includes(name));
}

// `scale` and `translate` are percentages, chosen so that the head fills the image.
const STYLES = {
  lorelei: {
    style: lorelei,
    options: {
      scale: 106,
      translateY: 4,
      skinColor: SKINS,
      hairColor: HAIR,
      mouthColor: ["7a1510"],
      earringsColor: ["d4a017"],
      hairAccessoriesColor: ["e78276", "fdea6b", "e279c7"],
    },
  },
  notionists: {
    style: notionists,
    options: {
      scale: 160,
      translateX: 2,
      translateY: 22,
      gestureProbability: 0,
      bodyIconProbability: 0,
    },
  },
  open_peeps: {
    style: openPeeps,
    options: {
      translateX: -2,
      translateY: 2,
      skinColor: SKINS,
      headContrastColor: HAIR,
      maskProbability: 0,
      head: without(openPeeps, "head", "bear"),
      face: without(openPeeps, "face", "cyclops", "monster"),
      accessories: without(openPeeps, "accessories", "eyepatch"),
    },
  },
  pixel_art: { style: pixelArt, options: {} },
};

// Returns the pixels of one face, SIDE x SIDE x 3 bytes.
function draw(style, options, name) {
  // Consecutive numbers would give similar faces, because DiceBear's own hash is weak.
  const seed = createHash("sha256").update(name).digest("hex");
  const svg = createAvatar(style, { ...options, backgroundColor: BACKGROUNDS, seed }).toString();
  const drawing = new Resvg(svg, { fitTo: { mode: "width", value: SIDE } });
  return drawing.render().pixels.filter((_, index) => index % 4 < 3); // without the alpha channel
}

const folder = process.argv[2] ?? "drawn";
mkdirSync(folder, { recursive: true });
for (const [name, { style, options }] of Object.entries(STYLES)) {
  const { title, creator, license } = style.meta;
  console.log(`${title} by ${creator}: ${license.name}, ${license.url}`);
  if (license.name !== "CC0 1.0") {
    throw new Error(
      `The package may contain drawings under CC0 1.0 only. Received: ${name} under ` +
        `${license.name}. Remove the style from STYLES.`,
    );
  }
  const faces = Array.from({ length: FACES }, (_, number) =>
    draw(style, options, `${name}-${number}`),
  );
  writeFileSync(join(folder, `${name}.rgb`), Buffer.concat(faces));
}
