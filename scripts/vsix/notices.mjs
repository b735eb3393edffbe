/** Names the packages that the bundles hold, with the texts of their licences, as these licences ask. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { at } from '../process.mjs';

const own = (name) => readFile(at('scripts', 'vsix', 'licences', name), 'utf8');

/** Work of others inside packages. */
const within = {
  'embedding-atlas': {
    name: 'umap-learn and PyNNDescent',
    licence: 'BSD-2-Clause',
    texts: ['umap-learn.txt', 'PyNNDescent.txt'],
  },
  'minimp3-wasm': { name: 'minimp3', licence: 'CC0-1.0' },
  'opus-decoder': { name: 'libopus', licence: 'BSD-3-Clause', texts: ['libopus.txt'] },
  '@tensorflow/tfjs-backend-wasm': { name: 'XNNPACK', licence: 'BSD-3-Clause', texts: ['XNNPACK.txt'] },
};
/** Beside the bundles; the other native packages bring their texts along. */
const libvips = {
  name: 'libvips, with the libraries that dist/node_modules/@img/sharp-libvips-*/README.md lists',
  licence: 'LGPL-3.0-or-later',
  texts: ['LGPL-3.0.txt', 'GPL-3.0.txt'],
};

/**
 * Writes dist/NOTICES.txt.
 * @param {import('esbuild').Metafile[]} metafiles of all bundles
 */
export async function writeNotices(metafiles) {
  const notices = [];
  for (const folder of packagesIn(metafiles)) notices.push(...(await noticesOf(folder)));
  notices.push(await noticeOf(libvips));
  await writeFile(at('dist', 'NOTICES.txt'), `PairLab holds work of others.\n\n${notices.join('\n\n')}\n`);
}

/** Folders of packages of which something is left in a bundle, as paths below the project. */
function packagesIn(metafiles) {
  const used = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const folders = used.map(([path]) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders)].filter((folder) => folder !== undefined).sort();
}

async function noticesOf(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(at(folder, 'package.json'), 'utf8'));
  const inner =
    within[name] === undefined ? [] : [await noticeOf({ ...within[name], name: `${within[name].name}, in ${name}` })];
  return [section(`${name} ${version} (${license})`, await textsOf(folder, license, author)), ...inner];
}

/** The texts that the package brings along; some name their licence only. */
async function textsOf(folder, license, author) {
  const files = (await readdir(at(folder))).filter((file) => /^(licen[cs]e|copying|.*notices?)(\.|$)/i.test(file));
  const texts = await Promise.all(files.map((file) => readFile(at(folder, file), 'utf8')));
  if (texts.length > 0) return texts;
  const holder = (author?.name ?? author ?? 'The authors').replace(/ *[<(].*/, '');
  return [`Copyright (c) ${holder}\n\n${await own(`${license}.txt`)}`];
}

async function noticeOf({ name, licence, texts = [] }) {
  return section(`${name} (${licence})`, await Promise.all(texts.map(own)));
}

function section(title, texts) {
  return [`${'─'.repeat(80)}\n${title}`, ...texts.map((text) => text.trim())].join('\n\n');
}
