//! Tokens for the installations of GitHub Apps.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{StatusCode, header};
use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use crate::answer::{self, Answer};
use crate::clock::{epoch_seconds, rfc3339};
use crate::model::{Access, Token};
use crate::shared::Call;
use crate::state::State;

const LIFETIME: Duration = Duration::from_secs(60 * 60);
/// How far in the future an assertion may expire.
const ASSERTION: u64 = 10 * 60;

impl Call<'_> {
    /// [Creates an installation access token](https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app),
    /// for all repositories unless the body names some.
    pub(super) fn create_token(&self, state: &mut State) -> Result<Answer, Refusal> {
        let now = state.now();
        self.check_assertion(now)
            .map_err(|message| Refusal::new(StatusCode::UNAUTHORIZED, message))?;
        let id = self.id("installation_id")?;
        if !self.shared.config.installations.contains(&id) {
            return Err(Refusal::not_found());
        }
        let body = self.body()?;
        let names = body.read("repositories", "an array", Value::as_array)?;
        let ids = body.read("repository_ids", "an array", Value::as_array)?;
        let permissions = body.read("permissions", "an object of levels", |value| {
            let permissions = value.as_object()?;
            let is_level =
                |level: &Value| matches!(level.as_str(), Some("read" | "write" | "admin"));
            permissions.values().all(is_level).then_some(permissions)
        })?;
        let all = || Map::from_iter([("actions".into(), "write".into())]);
        let mut permissions = permissions.cloned().unwrap_or_else(all);
        permissions.insert("metadata".into(), json!("read"));

        let mut token = Token::new(format!("ghs_{:036}", state.next_token()));
        token.expires = Some(now + LIFETIME);
        token.access = match permissions.get("actions").and_then(Value::as_str) {
            Some("write") => Access::Write,
            Some("read") => Access::Read,
            _ => Access::None,
        };
        let named = names
            .into_iter()
            .flatten()
            .map(|name| state.repo_called(name.as_str()?));
        let numbered = ids
            .into_iter()
            .flatten()
            .map(|id| state.repo_by_id(id.as_i64()?));
        for repo in named.chain(numbered) {
            let message = "There is at least one repository that does not exist or is not \
                           accessible to the parent installation.";
            let missing = || Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, message);
            token = token.repo(&repo.ok_or_else(missing)?.name);
        }
        let json = json!({
            "token": token.secret,
            "expires_at": rfc3339(now + LIFETIME),
            "permissions": permissions,
            "repository_selection": if token.repos.is_some() { "selected" } else { "all" },
        });
        state.add_token(token);
        Ok(answer::json(StatusCode::CREATED, &json))
    }

    /// Says what is wrong with the [JSON web token](https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app),
    /// as far as one can tell without the app's key.
    fn check_assertion(&self, now: SystemTime) -> Result<(), &'static str> {
        const UNREADABLE: &str = "A JSON web token could not be decoded";
        let authorization = self.request.header(header::AUTHORIZATION.as_str());
        // Other tokens may say `token` instead.
        let assertion = authorization.and_then(|value| value.split_once(' '));
        let assertion = assertion.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let (_, assertion) = assertion.ok_or(UNREADABLE)?;
        let parts = assertion.split('.');
        let parts = parts.map(|part| URL_SAFE_NO_PAD.decode(part).map_err(|_| UNREADABLE));
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        let [head, claims, signature] = &parts[..] else {
            return Err(UNREADABLE);
        };
        let json = |part| serde_json::from_slice::<Value>(part).map_err(|_| UNREADABLE);
        let (head, claims) = (json(head)?, json(claims)?);
        if head["alg"] != "RS256" || signature.is_empty() {
            return Err(UNREADABLE);
        }
        let now = epoch_seconds(now);
        let (issued, expiry) = (claims["iat"].as_u64(), claims["exp"].as_u64());
        if claims["iss"].is_null() {
            return Err("Missing 'issuer' claim ('iss') in assertion");
        }
        if issued.is_none_or(|issued| issued > now) {
            return Err(
                "'Issued at' claim ('iat') must be an Integer representing the time that \
                        the assertion was issued",
            );
        }
        if expiry.is_none_or(|expiry| expiry <= now) {
            return Err(
                "'Expiration time' claim ('exp') must be a numeric value representing the \
                        future time at which the assertion expires",
            );
        }
        if expiry > Some(now + ASSERTION) {
            return Err("'Expiration time' claim ('exp') is too far in the future");
        }
        Ok(())
    }
}
