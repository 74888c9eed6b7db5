/** The clients of platforms: code hosting, payment, messages, hosting. */
import type { Library } from '../library.js';
import { grants } from '../verdicts.js';

export const githubClient: Library = {
  name: 'GitHub',
  modules:
    /^(?:octokit|@octokit\/[\w-]+|@actions\/github|github|github3|PyGithub|github\.com\/google\/go-github[\w./-]*)$/,
  globals: /^(?:octokit|Octokit)$/,
  reaches: 'service',
  calls: [{ call: /\b(?:addCollaborator|add_to_collaborators)$/, verdict: grants('It lets somebody in.') }],
  examples: [
    { run: `node -e "octokit.repos.delete({ owner: 'a', repo: 'b' })"`, tier: 4, points: 150 },
    {
      run: `python -c "from github import Github; Github(t).get_repo('a/b').delete()"`,
      tier: 4,
      points: 150,
    },
    {
      run: `node -e "octokit.rest.issues.create({ owner: 'a', repo: 'b', title: 't' })"`,
      tier: 2,
      points: 5,
    },
    { run: `node -e "octokit.rest.repos.get({ owner: 'a', repo: 'b' })"`, tier: 1, points: 1 },
  ],
};

export const gitlabClient: Library = {
  name: 'GitLab',
  modules: /^(?:gitlab[\w.]*|@gitbeaker\/[\w-]+|gitlab\.com\/gitlab-org\/api\/client-go)$/,
  globals: /^Gitlab$/,
  reaches: 'service',
  examples: [
    { run: `python -c "import gitlab; gitlab.Gitlab(u, t).projects.delete(7)"`, tier: 4, points: 500 },
  ],
};

export const stripeClient: Library = {
  name: 'Stripe',
  modules: /^(?:stripe|Stripe[\w\\]*|github\.com\/stripe\/stripe-go[\w./-]*|com\.stripe[\w.]*)$/,
  globals: /^(?:stripe|Stripe)$/,
  reaches: 'service',
  examples: [
    { run: `python -c "import stripe; stripe.Refund.create(charge='ch_1')"`, tier: 4, points: 50 },
    { run: `node -e "stripe.payouts.create({ amount: 100 })"`, tier: 4, points: 50 },
    { run: `node -e "stripe.customers.del('cus_1')"`, tier: 3, points: 20 },
    { run: `node -e "stripe.charges.list().then(console.log)"`, tier: 1, points: 1 },
  ],
};

export const messengers: Library = {
  name: 'messenger',
  modules:
    /^(?:slack_sdk[\w.]*|slack|slackclient|@slack\/[\w-]+|twilio[\w./]*|sendgrid[\w.]*|@sendgrid\/[\w-]+|discord[\w.]*|telegram[\w.]*|mailgun[\w.-]*|resend|postmark|nodemailer|smtplib)$/,
  reaches: 'service',
  examples: [
    {
      run: `python -c "from slack_sdk import WebClient; WebClient(t).chat_postMessage(channel='c', text='x')"`,
      tier: 3,
      points: 20,
    },
    {
      run: `python -c "from slack_sdk import WebClient; print(WebClient(t).conversations_list())"`,
      tier: 1,
      points: 1,
    },
  ],
};

export const hosters: Library = {
  name: 'hosting platform',
  modules:
    /^(?:heroku3|heroku-client|platform-api|cloudflare[\w.]*|digitalocean|pydo|godo|dropletkit|droplet_kit|hcloud[\w.-]*|linode_api4|@vercel\/[\w-]+|netlify|@neondatabase\/[\w-]+|openstack[\w.]*|proxmoxer|pulumi[\w.]*|@pulumi\/[\w-]+|terrasnek|consul|hvac|consulate|python_terraform|github\.com\/(?:digitalocean\/godo|hetznercloud|cloudflare\/cloudflare-go)[\w./-]*)$/,
  reaches: 'service',
  examples: [
    {
      run: `python -c "import digitalocean; digitalocean.Manager(token=t).get_droplet(7).destroy()"`,
      tier: 4,
      points: 500,
    },
    { run: `python -c "import heroku3; heroku3.from_key(k).apps()['shop'].delete()"`, tier: 4, points: 500 },
  ],
};
