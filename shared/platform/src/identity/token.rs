//! Bearer tokens: JWTs signed with Ed25519.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daftari_domain::time::DAY_SECONDS;
use jsonwebtoken::{Algorithm, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use daftari_domain::Timestamp;
use daftari_domain::ids::{LoginId, OrganizationId, UserId};

use super::{Environment, FingerprintKey, KeyError, PublicKeys, SigningKeys, Tenant};

/// Lifetime of an API token: five hours, as in the public API.
pub const API_TOKEN_SECONDS: i64 = 5 * 60 * 60;

/// Lifetime of a phone's token: 90 days.
pub const USER_TOKEN_SECONDS: i64 = 90 * DAY_SECONDS;

/// Tolerated clock skew between signer and verifier.
const SKEW_SECONDS: i64 = 60;

/// Limit of a token. Longer ones are refused unread.
const MAX_TOKEN_BYTES: usize = 4_096;

/// The `aud` of every token.
const AUDIENCE: &str = "daftari-api";

/// The first generation of a login.
pub const FIRST_GENERATION: u64 = 1;

/// A permission of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every GET, and credit reports.
    Read,
    /// Registering users, appending to ledgers and sending messages.
    Ingest,
    /// Erasing users.
    Erase,
    /// Sending the messages of one user.
    Messages,
}

impl Scope {
    const ALL: [Self; 4] = [Self::Read, Self::Ingest, Self::Erase, Self::Messages];

    /// The word for the `scope` claim.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Ingest => "ingest",
            Self::Erase => "erase",
            Self::Messages => "messages",
        }
    }
}

/// A set of scopes. In the claim, their words are separated by spaces.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// The scopes of an API token.
    pub const API: Self = Self::of(&[Scope::Read, Scope::Ingest, Scope::Erase]);

    /// The set of the given scopes.
    pub const fn of(scopes: &[Scope]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < scopes.len() {
            bits |= 1 << scopes[at] as u8;
            at += 1;
        }
        Self(bits)
    }

    /// Whether the scope is in the set.
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// Parses a claim. Unknown words are ignored.
    fn from_claim(claim: &str) -> Self {
        let known = Scope::ALL
            .into_iter()
            .filter(|scope| claim.split(' ').any(|word| word == scope.as_str()));
        Self(known.fold(0, |bits, scope| bits | 1 << scope as u8))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = Scope::ALL
            .into_iter()
            .filter(|scope| self.contains(*scope))
            .map(Scope::as_str)
            .collect();
        f.write_str(&words.join(" "))
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// All values are ASCII without `>`, `?` and `~`. The official Python client decodes the payload with the standard
/// base64 alphabet, and such text encodes to characters that both alphabets share.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    org: OrganizationId,
    env: Environment,
    scope: String,
    /// The organization's token generation at signing. A higher generation of the organization invalidates the token.
    r#gen: u64,
    /// For an API token, the login's generation at signing. A higher generation of the login invalidates the token. If
    /// absent, the first generation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    login_gen: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<UserId>,
    iat: i64,
    exp: i64,
    jti: Uuid,
}

/// The identity and permissions of a verified token.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The login on whose behalf the token was issued.
    pub login: LoginId,
    /// The tenant whose data it may access.
    pub tenant: Tenant,
    /// Its permissions.
    pub scopes: Scopes,
    /// The user of a user token.
    pub user: Option<UserId>,
    /// The organization's token generation when it was signed.
    pub generation: u64,
    /// The login's generation when it was signed. `None` for a user token, which belongs to the organization and
    /// outlives the login.
    pub login_generation: Option<u64>,
}

/// A signed token.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    /// The JWT.
    pub token: String,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// The fault of a caller's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// No `Authorization` header.
    Missing,
    /// An `Authorization` header that is not `Bearer` and a token, or several of them.
    NotBearer,
    /// The token was valid, but has expired.
    Expired,
    /// The token was valid, but was invalidated by a change of the password or by an operator.
    Revoked,
    /// The token is damaged, or no key of this service signed it. Deliberately not more specific.
    Invalid,
}

/// Signs tokens. Only the auth function has an issuer.
#[derive(Clone)]
pub struct TokenIssuer {
    issuer: String,
    kid: String,
    key: EncodingKey,
    fingerprints: FingerprintKey,
}

/// The subject of a token to be signed.
#[derive(Clone, Copy, Debug)]
struct Grant {
    organization: OrganizationId,
    environment: Environment,
    generation: u64,
    login_generation: Option<u64>,
    scopes: Scopes,
    user: Option<UserId>,
    lifetime_seconds: i64,
}

impl TokenIssuer {
    /// Signs with the active key of the set.
    pub fn new(issuer: &str, keys: &SigningKeys) -> Result<Self, KeyError> {
        super::crypto::install();
        let (kid, key) = keys.signing_key()?;
        Ok(Self {
            issuer: issuer.to_owned(),
            kid,
            key,
            fingerprints: keys.fingerprint_key()?,
        })
    }

    /// The key of fingerprints, which is derived from the signing key.
    pub fn fingerprints(&self) -> &FingerprintKey {
        &self.fingerprints
    }

    /// Signs an API token for a login and an organization, each with its generation.
    pub fn api_token(
        &self,
        (login, login_generation): (LoginId, u64),
        (organization, generation): (OrganizationId, u64),
        environment: Environment,
        now: Timestamp,
    ) -> Result<IssuedToken, KeyError> {
        let grant = Grant {
            organization,
            environment,
            generation,
            login_generation: Some(login_generation),
            scopes: Scopes::API,
            user: None,
            lifetime_seconds: API_TOKEN_SECONDS,
        };
        self.sign(login, grant, now)
    }

    /// Signs a token for the app on a user's phone, on behalf of the holder of an API token.
    pub fn user_token(&self, principal: &Principal, user: UserId, now: Timestamp) -> Result<IssuedToken, KeyError> {
        let grant = Grant {
            organization: principal.tenant.organization(),
            environment: principal.tenant.environment(),
            generation: principal.generation,
            login_generation: None,
            scopes: Scopes::of(&[Scope::Messages]),
            user: Some(user),
            lifetime_seconds: USER_TOKEN_SECONDS,
        };
        self.sign(principal.login, grant, now)
    }

    fn sign(&self, subject: LoginId, grant: Grant, now: Timestamp) -> Result<IssuedToken, KeyError> {
        let expires_at = now.plus_seconds(grant.lifetime_seconds);
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: subject.to_string(),
            org: grant.organization,
            env: grant.environment,
            scope: grant.scopes.to_string(),
            r#gen: grant.generation,
            login_gen: grant.login_generation,
            user: grant.user,
            iat: now.unix_seconds(),
            exp: expires_at.unix_seconds(),
            jti: Uuid::new_v4(),
        };
        let header = Header {
            kid: Some(self.kid.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        let token =
            jsonwebtoken::encode(&header, &claims, &self.key).map_err(|_| super::signing_keys::signing_failed())?;
        Ok(IssuedToken { token, expires_at })
    }
}

/// Verifies tokens with public keys.
#[derive(Clone)]
pub struct TokenVerifier {
    keys: PublicKeys,
    validation: Validation,
}

impl TokenVerifier {
    /// Accepts tokens of `issuer` with a signature of one of the keys.
    pub fn new(issuer: &str, keys: PublicKeys) -> Self {
        super::crypto::install();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Checked below against the caller's clock, like iat.
        validation.validate_exp = false;
        Self { keys, validation }
    }

    /// Warm-up: verifies a token with an invalid signature, so that the code and its tables are in memory before the
    /// first real token.
    pub(crate) fn warm_up(&self) {
        // A well-formed signature: the curve's base point, and zero.
        let mut signature = [0x66; 64];
        signature[0] = 0x58;
        signature[32..].fill(0);
        let kid = self.keys.first_id();
        let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#));
        let signature = URL_SAFE_NO_PAD.encode(signature);
        let _ = self.verify(&format!("{header}.e30.{signature}"), Timestamp::EPOCH);
    }

    /// The keys that verify tokens.
    pub fn keys(&self) -> &PublicKeys {
        &self.keys
    }

    /// The principal of a token that is valid at `now`. The caller must check whether the token has been invalidated,
    /// by [`Principal::generation`] and [`Principal::login_generation`].
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Principal, TokenFault> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenFault::Invalid);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenFault::Invalid)?;
        // The algorithm is fixed here, before the token's header selects a key.
        if header.alg != Algorithm::EdDSA {
            return Err(TokenFault::Invalid);
        }
        let key = header
            .kid
            .as_deref()
            .and_then(|kid| self.keys.get(kid))
            .ok_or(TokenFault::Invalid)?;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &self.validation)
            .map_err(|_| TokenFault::Invalid)?
            .claims;
        let now = now.unix_seconds();
        if claims.exp.saturating_add(SKEW_SECONDS) <= now {
            return Err(TokenFault::Expired);
        }
        if claims.iat.saturating_sub(SKEW_SECONDS) > now {
            return Err(TokenFault::Invalid);
        }
        let scopes = Scopes::from_claim(&claims.scope);
        // A token for a single user must name the user.
        if scopes.contains(Scope::Messages) && claims.user.is_none() {
            return Err(TokenFault::Invalid);
        }
        Ok(Principal {
            login: claims.sub.parse().map_err(|_| TokenFault::Invalid)?,
            tenant: Tenant::from_verified_claims(claims.org, claims.env),
            scopes,
            user: claims.user,
            generation: claims.r#gen,
            login_generation: match claims.user {
                Some(_) => None,
                None => Some(claims.login_gen.unwrap_or(FIRST_GENERATION)),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD_NO_PAD;

    use super::*;

    struct Fixture {
        keys: SigningKeys,
        issuer: TokenIssuer,
        verifier: TokenVerifier,
    }

    fn fixture() -> Fixture {
        let keys = SigningKeys::generate().expect("keys");
        let issuer = TokenIssuer::new("daftari", &keys).expect("issuer");
        let verifier = verifier_of(&keys, "daftari");
        Fixture { keys, issuer, verifier }
    }

    fn verifier_of(keys: &SigningKeys, issuer: &str) -> TokenVerifier {
        TokenVerifier::new(
            issuer,
            PublicKeys::from_jwks(&keys.to_jwks().expect("jwks")).expect("keys"),
        )
    }

    fn now() -> Timestamp {
        "2021-11-16T21:00:00Z".parse().expect("timestamp")
    }

    fn token(fixture: &Fixture) -> String {
        let organization = OrganizationId(Uuid::from_u128(7));
        let issued = fixture.issuer.api_token(
            (LoginId(Uuid::from_u128(1)), 2),
            (organization, 3),
            Environment::Test,
            now(),
        );
        issued.expect("token").token
    }

    #[test]
    fn a_good_token_makes_its_tenant() {
        let fixture = fixture();
        let principal = fixture.verifier.verify(&token(&fixture), now()).expect("principal");
        assert_eq!(principal.tenant.organization(), OrganizationId(Uuid::from_u128(7)));
        assert_eq!(principal.tenant.environment(), Environment::Test);
        assert_eq!(principal.generation, 3);
        assert_eq!(principal.login_generation, Some(2));
        assert!(principal.scopes.contains(Scope::Read) && !principal.scopes.contains(Scope::Messages));
    }

    #[test]
    fn a_token_lives_five_hours_give_or_take_the_skew() {
        let fixture = fixture();
        let token = token(&fixture);
        for (seconds, good) in [
            (-61, false),
            (-60, true),
            (API_TOKEN_SECONDS + 59, true),
            (API_TOKEN_SECONDS + 60, false),
        ] {
            let at = now().plus_seconds(seconds);
            assert_eq!(fixture.verifier.verify(&token, at).is_ok(), good, "{seconds}");
        }
        let expired = fixture
            .verifier
            .verify(&token, now().plus_seconds(API_TOKEN_SECONDS + 60));
        assert_eq!(expired.err(), Some(TokenFault::Expired));
        // The answer to a forged token does not reveal whether it would have expired.
        let (signed, signature) = token.rsplit_once('.').expect("a signature");
        let other = if signature.starts_with('A') { "B" } else { "A" };
        let forged = format!("{signed}.{other}{}", &signature[1..]);
        let forged = fixture
            .verifier
            .verify(&forged, now().plus_seconds(API_TOKEN_SECONDS + 60));
        assert_eq!(forged.err(), Some(TokenFault::Invalid));
    }

    #[test]
    fn other_keys_issuers_and_algorithms_are_refused() {
        let fixture = fixture();
        let token = token(&fixture);
        let stranger = SigningKeys::generate().expect("keys");
        assert!(verifier_of(&stranger, "daftari").verify(&token, now()).is_err());
        assert!(verifier_of(&fixture.keys, "somebody").verify(&token, now()).is_err());
        let (_, rest) = token.split_once('.').expect("parts");
        let kid = fixture.keys.active();
        for alg in ["none", "HS256", "RS256"] {
            let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{alg}","kid":"{kid}","typ":"JWT"}}"#));
            assert!(
                fixture.verifier.verify(&format!("{header}.{rest}"), now()).is_err(),
                "{alg}"
            );
        }
        for text in ["", ".", "..", "a.b.c", &token[1..], &token[..token.len() - 1]] {
            assert!(fixture.verifier.verify(text, now()).is_err(), "{text}");
        }
    }

    #[test]
    fn after_a_rotation_old_and_new_tokens_are_good() {
        let mut fixture = fixture();
        let old = token(&fixture);
        let kid = fixture.keys.add().expect("key");
        fixture.keys.activate(&kid).expect("activated");
        fixture.issuer = TokenIssuer::new("daftari", &fixture.keys).expect("issuer");
        let verifier = verifier_of(&fixture.keys, "daftari");
        assert!(verifier.verify(&old, now()).is_ok());
        assert!(verifier.verify(&token(&fixture), now()).is_ok());
    }

    /// The official Python client decodes the payload with `base64.b64decode`.
    #[test]
    fn the_payload_reads_alike_in_both_base64_alphabets() {
        let fixture = fixture();
        for _ in 0..200 {
            let token = token(&fixture);
            let parts: Vec<_> = token.split('.').collect();
            assert_eq!(parts.len(), 3);
            let payload = STANDARD_NO_PAD.decode(parts[1]).expect("standard alphabet");
            let claims: serde_json::Value = serde_json::from_slice(&payload).expect("json");
            assert_eq!(claims["exp"].as_i64(), Some(now().unix_seconds() + API_TOKEN_SECONDS));
        }
    }
}
