#!/usr/bin/env node
// The peer of hl7_read.cc: the fastest HL7 parser that npm has, on the same message and the same four fields.
// `--peer FOLDER` is where npm installed it (measures/ingest.py).
import {execFileSync} from 'node:child_process';
import {createRequire} from 'node:module';
import path from 'node:path';

const options = {peer: '', seconds: '1.2'};
for (let i = 2; i + 1 < process.argv.length; i += 2) options[process.argv[i].slice(2)] = process.argv[i + 1];

const {Parser} = createRequire(path.join(options.peer, 'package.json'))('simple-hl7');
const reader = path.join(path.dirname(process.argv[1]), 'bench_hl7_read');
const message = execFileSync(reader, ['--print', 'yes']).toString();
const parser = new Parser();

function fourFields() {
  const parsed = parser.parse(message);
  const pid = parsed.getSegment('PID');
  return parsed.header.getField(8).length + pid.getComponent(3, 1).length + pid.getComponent(5, 1).length +
         parsed.getSegment('PV1').getComponent(19, 1).length;
}

for (let i = 0; i < 2000; i++) fourFields();  // so that what is measured is compiled
let count = 0;
let read = 0;
const cpu = process.cpuUsage();
const began = process.hrtime.bigint();
const until = began + BigInt(Math.round(Number(options.seconds) * 1e9));
while (process.hrtime.bigint() < until) {
  for (let i = 0; i < 100; i++) read += fourFields();
  count += 100;
}
if (read === 0) throw new Error('nothing was read');
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
const spent = process.cpuUsage(cpu);
console.log(JSON.stringify({per_second: count / seconds, cpu_us: (spent.user + spent.system) / count, count}));
