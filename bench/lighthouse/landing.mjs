// What Lighthouse says of a page, on a desktop and on a phone: node landing.mjs ADDRESS (through scripts/bench, which installs it,
// finds a browser and starts a server). The browser is the one at CHROMIUM_PATH.
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";
import { computeMedianRun } from "lighthouse/core/lib/median-run.js";
import { chromiumOptions } from "../../end2end/support/browser.mjs";

/** How many times each device looks. What is told is the run in the middle, as Lighthouse itself chooses it. */
const runs = 5;

/** What each category must have, of 100. */
const budget = 95;

/** What an audit must have not to be named, as Lighthouse's own reports colour it. */
const good = 0.9;

const devices = { desktop: desktopConfig, phone: undefined };
const categories = ["performance", "accessibility", "best-practices", "seo"];

const [address] = process.argv.slice(2);
if (!address) throw new Error("give the page's address");

const { executablePath, args = [] } = chromiumOptions();
const chrome = await launch({ chromePath: executablePath, chromeFlags: ["--headless=new", ...args], logLevel: "silent" });
const results = {};
try {
  for (const [device, config] of Object.entries(devices)) {
    const all = [];
    for (let run = 0; run < runs; run++) all.push(await look(config));
    results[device] = { all, median: computeMedianRun(all) };
  }
} finally {
  chrome.kill();
}

console.log("| device | performance (least to greatest) | accessibility | best practices | SEO | the machine's index |");
console.log("|---|--:|--:|--:|--:|--:|");
for (const [device, { all, median }] of Object.entries(results)) {
  const [performance, ...others] = categories.map((category) => marked(score(median, category)));
  const spread = all.map((result) => score(result, "performance")).sort((one, other) => one - other);
  const index = median.environment.benchmarkIndex.toFixed(0);
  console.log(`| ${device} | ${performance} (${spread.at(0)}–${spread.at(-1)}) | ${others.join(" | ")} | ${index} |`);
}
console.log("\nAudits that are not green, with their weight in the category:\n");
for (const [device, { median }] of Object.entries(results)) {
  for (const { category, weight, audit } of failing(median)) {
    const value = audit.displayValue ? `: ${audit.displayValue}` : "";
    console.log(`- ${device}, ${category} (${weight}): ${audit.id}, ${audit.title}${value}`);
  }
}

async function look(config) {
  const options = { port: chrome.port, logLevel: "error", onlyCategories: categories };
  const { lhr } = await lighthouse(address, options, config);
  if (lhr.runtimeError) throw new Error(`${lhr.runtimeError.code}: ${lhr.runtimeError.message}`);
  return lhr;
}

function score(result, category) {
  return Math.round(result.categories[category].score * 100);
}

/** A score that is too low stands out. */
function marked(score) {
  return score < budget ? `**${score}**` : String(score);
}

function failing(result) {
  return Object.values(result.categories).flatMap(({ id, auditRefs }) =>
    auditRefs
      .map(({ id: audit, weight }) => ({ category: id, weight, audit: result.audits[audit] }))
      .filter(({ audit }) => audit.score !== null && audit.score < good),
  );
}
