// An OpenID provider of another make than the demo one, for the tests:
// oidc-provider with fixed people, who sign in by name alone.
//
// PORT           where to listen, on 127.0.0.1
// CLIENT         the only client, as registration metadata (RFC 7591) in JSON
// PKCE_REQUIRED  "true" refuses clients without PKCE
//
// It prints "listening" when it is ready and ends with its standard input.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';

const port = Number(process.env.PORT);
const client = JSON.parse(process.env.CLIENT);

const people = {
  ada: { email: 'ada@example.com', given_name: 'Ada', usual_name: 'Lovelace' },
  grace: { email: 'grace@example.com', given_name: 'Grace', usual_name: 'Hopper' },
};

function key(kid, alg, type, options) {
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
}

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [client],
  clientAuthMethods: [client.token_endpoint_auth_method],
  jwks: {
    keys: [
      key('second-rsa', 'RS256', 'rsa', { modulusLength: 2048 }),
      key('second-ec', 'ES256', 'ec', { namedCurve: 'P-256' }),
    ],
  },
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'HS256'] },
  pkce: { methods: ['S256'], required: () => process.env.PKCE_REQUIRED === 'true' },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  claims: {
    openid: ['sub'],
    email: ['email'],
    profile: ['given_name', 'usual_name'],
    given_name: ['given_name'],
    usual_name: ['usual_name'],
  },
  findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  ttl: { AccessToken: 3600, AuthorizationCode: 60, Grant: 3600, IdToken: 3600, Interaction: 3600, Session: 3600 },
  features: {
    devInteractions: { enabled: false },
    userinfo: { enabled: true },
    jwtUserinfo: { enabled: true },
    encryption: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource: askToSignOut, postLogoutSuccessSource: signedOut },
  },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  loadExistingGrant: consent,
});

// consent is given by everybody to everything: the client is one of the house.
async function consent(ctx) {
  const { client: { clientId }, session } = ctx.oidc;
  const id = session.grantIdFor(clientId);
  const known = id && await provider.Grant.find(id);
  const grant = known || new provider.Grant({ clientId, accountId: session.accountId });
  grant.addOIDCScope(ctx.oidc.params.scope);
  await grant.save();
  return grant;
}

function page(ctx, content) {
  ctx.type = 'html';
  ctx.body = `<!doctype html><title>Second provider</title>${content}`;
}

function askToSignOut(ctx, form) {
  page(ctx, `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>`);
}

function signedOut(ctx) {
  page(ctx, 'Signed out');
}

// The sign-in page asks for a name and believes it.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) {
    return next();
  }
  await provider.interactionDetails(ctx.req, ctx.res);
  if (ctx.method !== 'POST') {
    return page(ctx, `<form method="post" action="${ctx.path}"><input name="login"><button>Sign in</button></form>`);
  }
  let body = '';
  for await (const chunk of ctx.req) body += chunk;
  const login = new URLSearchParams(body).get('login');
  if (!people[login]) {
    ctx.status = 403;
    return page(ctx, 'Nobody of that name');
  }
  ctx.respond = false; // the provider answers by itself
  return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: login } });
});

for (const what of ['server', 'authorization', 'grant', 'userinfo', 'end_session', 'backchannel']) {
  const event = what === 'server' ? 'server_error' : `${what}.error`;
  provider.on(event, (_, error) => console.error(event, error.message, error.error_description ?? ''));
}

provider.listen(port, '127.0.0.1', () => console.log('listening'));
process.stdin.on('end', () => process.exit()).resume();
