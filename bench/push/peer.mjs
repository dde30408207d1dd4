// Node's web-push, keep-alive agent, 100 in flight: `node bench/push/peer.mjs STAGE COUNT`.
import {readFileSync} from "node:fs";
import {Agent} from "node:https";
import webpush from "web-push";

const AT_ONCE = 100;
const [file, count] = [process.argv[2], Number(process.argv[3])];
const stage = JSON.parse(readFileSync(file, "utf8"));
const agent = new Agent({keepAlive: true, maxSockets: AT_ONCE, ca: readFileSync(stage.trust)});
webpush.setVapidDetails(stage.subject, stage.public_key, stage.private_key);

const began = performance.now();
const worked = process.cpuUsage();
let next = 0;
let accepted = 0;
const send = async () => {
  while (next < count) {
    const to = stage.subscriptions[next++ % stage.subscriptions.length];
    const answer = await webpush.sendNotification(to, stage.payload, {TTL: 60, agent});
    accepted += answer.statusCode === 201;
  }
};
await Promise.all(Array.from({length: AT_ONCE}, send));
const {user, system} = process.cpuUsage(worked);
console.log(JSON.stringify({
  seconds: (performance.now() - began) / 1000,
  processor_seconds: (user + system) / 1e6,
  megabytes: process.memoryUsage().rss / 2 ** 20,
  accepted,
}));
agent.destroy();
