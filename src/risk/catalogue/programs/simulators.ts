/** Phones that are simulated or attached for a test, and the developer tools that speak to them. */
import { on, type Program } from '../program.js';
import { changesLocally, deploys, reads } from '../verdicts.js';

const look = reads();

export const simulators: Program = {
  programs: ['xcrun', 'simctl', 'adb', 'avdmanager', 'emulator', 'idb'],
  valueFlags: ['-s', '--sdk', '-t', '-avd', '-P', '-H'],
  rules: [
    on('shell|exec-out', { atLeast: 1 }, { runs: 'shell', from: { restAsText: 0 }, place: 'container' }),
    on('notarytool|altool|itmstransporter', {}, deploys('It hands an app to the store.')),
    on('simctl list|getenv|get_app_container|listapps|appinfo|diagnose|help', {}, look),
    on('devices|logcat|version|bugreport|help|list|get-state|get-serialno|jdwp', {}, look),
    on('simctl', {}, changesLocally('It changes a simulated phone.', 'execute')),
    on('', { flags: ['-f', '--find', '--show-sdk-path', '--show-sdk-version', '-list-avds'] }, look),
  ],
  otherwise: changesLocally('It changes a phone that is simulated or attached for a test.', 'execute'),
  examples: [
    { run: 'xcrun simctl shutdown all', tier: 1, points: 1 },
    { run: 'xcrun simctl list devices', tier: 0, points: 0 },
    { run: 'adb logcat -d', tier: 0, points: 0 },
    { run: "adb shell 'rm -rf /'", tier: 4, points: 500 },
  ],
};
