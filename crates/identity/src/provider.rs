//! One provider: the address to send a browser to, and what its answer vouches for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::staff::{Handshake, IdentityProvider, ProviderFault, Vouched};
use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreResponseType,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthenticationFlow, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields,
    IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    StandardErrorResponse, StandardTokenResponse, TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::http::{Http, HttpError};

/// How far the clocks of two machines may be apart.
const SKEW: TimeDelta = TimeDelta::seconds(60);
/// An answer is about what happened a moment ago.
const OLDEST: TimeDelta = TimeDelta::minutes(10);
/// How long what a provider says of itself is believed.
const KNOWN_FOR: Duration = Duration::from_mins(10);
/// By a key of the provider's own: never by the secret that we share, and never by none.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 8] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
];

/// Which provider, and who we are to it.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    /// Its address, which stands in each of its tokens.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// How we prove to it that we are.
    pub client_secret: Secret,
    /// Where it sends browsers back to.
    pub redirect_url: String,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// The claim with the groups of a person.
    pub groups_claim: String,
}

/// Something that nobody may read by accident.
#[derive(Clone)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// The provider cannot be used as it is set up.
#[derive(Debug, thiserror::Error)]
pub enum BadProvider {
    /// An address is none.
    #[error("the address {0:?} of the provider cannot be used")]
    Address(String),
    /// The certificates of this machine cannot be read.
    #[error("the certificates that this machine trusts cannot be read")]
    Certificates(#[source] std::io::Error),
}

/// All claims of a token beside the usual ones.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Claims {
    #[serde(flatten)]
    all: BTreeMap<String, Value>,
}

impl AdditionalClaims for Claims {}

type Fields = IdTokenFields<
    Claims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type TokenAnswer = StandardTokenResponse<Fields, CoreTokenType>;
type TokenRefusal = StandardErrorResponse<CoreErrorResponseType>;
type OurClient = Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    TokenRefusal,
    TokenAnswer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A provider that speaks OpenID Connect.
pub struct OpenIdConnect {
    settings: ProviderSettings,
    issuer: IssuerUrl,
    redirect_url: RedirectUrl,
    http: Http,
    known: Mutex<Option<(Instant, Arc<CoreProviderMetadata>)>>,
}

impl OpenIdConnect {
    /// Asks nothing yet: the provider may be down when we start.
    pub fn new(settings: ProviderSettings) -> Result<Self, BadProvider> {
        let address = |text: &str| BadProvider::Address(text.to_owned());
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|_| address(&settings.issuer))?;
        let redirect_url = RedirectUrl::new(settings.redirect_url.clone());
        let redirect_url = redirect_url.map_err(|_| address(&settings.redirect_url))?;
        Ok(Self {
            issuer,
            redirect_url,
            http: Http::new().map_err(BadProvider::Certificates)?,
            known: Mutex::default(),
            settings,
        })
    }

    /// What the provider says of itself; `anew`: also when it was asked a moment ago, because it may have other keys now.
    async fn metadata(&self, anew: bool) -> Result<Arc<CoreProviderMetadata>, ProviderFault> {
        let mut known = self.known.lock().await;
        if let Some((at, metadata)) = &*known
            && !anew
            && at.elapsed() < KNOWN_FOR
        {
            return Ok(Arc::clone(metadata));
        }
        let send = self.http.sender();
        let asked = CoreProviderMetadata::discover_async(self.issuer.clone(), &send).await;
        let metadata = asked.map_err(|error| match error {
            DiscoveryError::Request(error) => unreachable(error),
            error => invalid(error),
        })?;
        let metadata = Arc::new(metadata);
        *known = Some((Instant::now(), Arc::clone(&metadata)));
        Ok(metadata)
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> OurClient {
        let id = ClientId::new(self.settings.client_id.clone());
        let secret = ClientSecret::new(self.settings.client_secret.0.clone());
        Client::from_provider_metadata(metadata.clone(), id, Some(secret))
            .set_redirect_uri(self.redirect_url.clone())
    }

    async fn address(&self, handshake: &Handshake) -> Result<String, ProviderFault> {
        let metadata = self.metadata(false).await?;
        let client = self.client(&metadata);
        let verifier = PkceCodeVerifier::new(handshake.verifier.clone());
        let state = CsrfToken::new(handshake.state.clone());
        let nonce = Nonce::new(handshake.nonce.clone());
        let request = client.authorize_url(
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
            move || state,
            move || nonce,
        );
        let scopes = self.settings.scopes.iter().cloned().map(Scope::new);
        let request = request
            .add_scopes(scopes)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        Ok(request.url().0.into())
    }

    async fn redeemed(
        &self,
        code: &str,
        handshake: &Handshake,
        now: DateTime<Utc>,
    ) -> Result<Vouched, ProviderFault> {
        let metadata = self.metadata(false).await?;
        let send = self.http.sender();
        let answer = self
            .client(&metadata)
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(invalid)?
            .set_pkce_verifier(PkceCodeVerifier::new(handshake.verifier.clone()))
            .request_async(&send)
            .await
            .map_err(|error| match error {
                RequestTokenError::Request(error) => unreachable(error),
                error => invalid(error),
            })?;
        match self.vouched(&metadata, &answer, handshake, now) {
            Ok(vouched) => Ok(vouched),
            // It may have changed its keys since it was asked for them.
            Err(_) => self.vouched(&*self.metadata(true).await?, &answer, handshake, now),
        }
    }

    fn vouched(
        &self,
        metadata: &CoreProviderMetadata,
        answer: &TokenAnswer,
        handshake: &Handshake,
        now: DateTime<Utc>,
    ) -> Result<Vouched, ProviderFault> {
        let token = answer.id_token().ok_or_else(|| invalid(NoToken))?;
        let client = self.client(metadata);
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || now - SKEW)
            .set_issue_time_verifier_fn(move |issued| {
                let is_now = issued <= now + SKEW && issued > now - OLDEST;
                is_now
                    .then_some(())
                    .ok_or_else(|| "not issued just now".to_owned())
            });
        let nonce = Nonce::new(handshake.nonce.clone());
        let claims = token.claims(&verifier, &nonce).map_err(invalid)?;
        let groups = claims.additional_claims().all.get(&self.settings.groups_claim);
        Ok(Vouched {
            subject: claims.subject().as_str().to_owned(),
            groups: groups.map(texts).unwrap_or_default(),
        })
    }
}

impl IdentityProvider for OpenIdConnect {
    fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    fn authorize<'a>(&'a self, handshake: &'a Handshake) -> BoxFuture<'a, Result<String, ProviderFault>> {
        self.address(handshake).boxed()
    }

    fn redeem<'a>(
        &'a self,
        code: &'a str,
        handshake: &'a Handshake,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vouched, ProviderFault>> {
        self.redeemed(code, handshake, now).boxed()
    }
}

/// The answer has nothing in it that says who somebody is.
#[derive(Debug, thiserror::Error)]
#[error("the provider answered without an ID token")]
struct NoToken;

fn unreachable(error: HttpError) -> ProviderFault {
    ProviderFault::Unreachable(Box::new(error))
}

fn invalid(error: impl std::error::Error + Send + Sync + 'static) -> ProviderFault {
    ProviderFault::Invalid(Box::new(error))
}

/// One text, or a list of them.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        Value::Array(many) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
