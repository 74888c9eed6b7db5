/** The API of Twilio, which calls people and writes to them. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, destroys, disturbs, escalates, grants, removes } from '../verdicts.js';

const api = 'https://api.twilio.com/2010-04-01/Accounts/AC1';
const sends = { verb: 'send', kind: 'message.sms.send' } as const;

export const twilioApi: Provider = {
  name: 'twilio',
  hosts: [
    'api.twilio.com',
    '{verify,messaging,conversations,studio,serverless,video,voice,lookups,taskrouter,sync,proxy,notify,numbers,trunking,chat}.twilio.com',
  ],
  controlPlane: true,
  routes: [
    route(
      'POST',
      /\/(?:Messages|Calls|Faxes|Verifications|Executions|Notifications)(?:\.json)?$/,
      disturbs('It calls or writes to people.', sends),
    ),
    route('POST', /\/Accounts\/[^/]+\.json$/, escalates('It may suspend or close an account.', 'system')),
    route('DELETE', /\/IncomingPhoneNumbers\//, destroys('It gives a phone number away for good.', 'object')),
    route(
      'DELETE',
      /\/Services\/[^/]+\/?$|\/Workspaces\/[^/]+\/?$/,
      destroys('It deletes a service with everything in it.', 'collection'),
    ),
    route(
      'POST',
      /\/IncomingPhoneNumbers(?:\.json)?$|\/AvailablePhoneNumbers\//,
      escalates('It buys a phone number.', 'object', { verb: 'pay', kind: 'payment.charge' }),
    ),
    route(
      'POST|DELETE',
      /\/(?:Keys|SigningKeys|Tokens|AuthTokens\/\w+|ConnectApps|CredentialLists)(?:\.json|\/|$)/,
      grants('It changes who may act on the account.'),
    ),
    route(
      'POST',
      /\/(?:Services|Conversations|Participants)$/,
      changesElsewhere('It creates something that can be deleted again.', { verb: 'create' }),
    ),
    route('DELETE', /./, removes('It deletes one record of the account.')),
  ],
  worst: escalates('The worst call of this API closes an account.', 'system'),
  otherwise: disturbs('A change to the account that the catalogue does not list.'),
  examples: [
    { run: `curl ${api}/Messages.json`, tier: 0, points: 0 },
    { run: `curl ${api}/Messages.json -d To=+15550100 -d Body=hi`, tier: 3, points: 20 },
    { run: `curl -X DELETE ${api}/IncomingPhoneNumbers/PN1.json`, tier: 4, points: 50 },
    { run: `curl ${api}.json -d Status=closed`, tier: 4, points: 500 },
  ],
};
