//! Who logs in: users with passwords and roles. Wrong passwords are answered ever more slowly, and told.

use super::FacePlan;
use super::facts::{Counters, Teller, add};
use super::nodes::Roles;
use super::space::Writers;
use crate::config::plan::{Anonymous, FaceConnection, Secret};
use crate::finding::Finding;
use crate::port::Clock;
use ::opcua::crypto::SecurityPolicy;
use ::opcua::server::ServerEndpoint;
use ::opcua::server::address_space::AccessLevel;
use ::opcua::server::authenticator::{
    AuthManager, CoreServerPermissions, Password, UserToken, user_pass_security_policy_id,
};
use ::opcua::types::{Error, MessageSecurityMode, NodeId, StatusCode, UAString, UserTokenPolicy, UserTokenType};
use async_trait::async_trait;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The crate's own name for the policy without a user.
const ANONYMOUS_POLICY: &str = "anonymous";
/// A wrong password is answered after this time, the next one after twice as long, up to the longest.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(16);
/// After this time without a wrong one it begins anew.
const FORGIVEN: Duration = Duration::from_secs(600);
/// Names that strangers made up; the names of users are always remembered.
const NAMES_MAX: usize = 256;

/// Lets users in.
pub(super) struct Login {
    name: String,
    users: BTreeMap<String, Secret>,
    anonymous: Anonymous,
    failures: Mutex<HashMap<String, Failures>>,
    counters: Arc<Counters>,
    teller: Arc<Teller>,
    writers: Arc<Writers>,
    clock: Clock,
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    at: Duration,
    /// Nobody is answered under this name before.
    until: Duration,
}

impl Login {
    pub(super) fn new(plan: &FacePlan, counters: Arc<Counters>, teller: Arc<Teller>, writers: Arc<Writers>) -> Self {
        let users = plan.connection.users.iter();
        Self {
            name: plan.name.clone(),
            users: users.map(|user| (user.name.clone(), user.password.clone())).collect(),
            anonymous: plan.connection.anonymous,
            failures: Mutex::default(),
            counters,
            teller,
            writers,
            clock: plan.clock,
        }
    }

    /// How long to wait before anything is said under this name.
    fn wait(&self, user: &str) -> Duration {
        let now = self.clock.now().monotonic;
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.get(user).map_or(Duration::ZERO, |known| known.until.saturating_sub(now))
    }

    /// A wrong password; gives how long its answer has to wait.
    fn failed(&self, user: &str) -> Duration {
        let now = self.clock.now().monotonic;
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.retain(|_, known| now.saturating_sub(known.at) < FORGIVEN);
        if failures.len() >= NAMES_MAX && !failures.contains_key(user) && !self.users.contains_key(user) {
            return LONGEST_WAIT;
        }
        let known = failures.entry(user.to_owned()).or_insert(Failures { count: 0, at: now, until: now });
        known.count = known.count.saturating_add(1);
        known.at = now;
        let wait = FIRST_WAIT.saturating_mul(1 << (known.count - 1).min(8)).min(LONGEST_WAIT);
        known.until = known.until.max(now) + wait;
        wait
    }
}

/// Compared by their digests: how much of a password was right does not show in the time.
fn is_same(one: &str, other: &str) -> bool {
    Sha256::digest(one.as_bytes()) == Sha256::digest(other.as_bytes())
}

fn denied() -> Error {
    Error::new(StatusCode::BadIdentityTokenRejected, "")
}

#[async_trait]
impl AuthManager for Login {
    async fn authenticate_anonymous_token(&self, _endpoint: &ServerEndpoint) -> Result<(), Error> {
        match self.anonymous {
            Anonymous::Read => Ok(()),
            Anonymous::Refuse => {
                add(&self.counters.refused_logins);
                Err(denied())
            }
        }
    }

    async fn authenticate_username_identity_token(
        &self,
        endpoint: &ServerEndpoint,
        user: &str,
        password: &Password,
    ) -> Result<UserToken, Error> {
        // Whoever sent a password in clear over an open channel has lost it: it opens nothing.
        if endpoint.message_security_mode() == MessageSecurityMode::None {
            return Err(denied());
        }
        tokio::time::sleep(self.wait(user).min(LONGEST_WAIT)).await;
        let known = self.users.get(user);
        // A user that does not exist takes as long as one that does.
        let is_right = is_same(known.map_or("", Secret::reveal), password.get()) && known.is_some();
        if is_right {
            self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(user);
            return Ok(UserToken(user.to_owned()));
        }
        add(&self.counters.refused_logins);
        let wait = self.failed(user);
        let finding = Finding::warning("QIAO-F010", &self.name).with("user", user);
        self.teller.tell(&finding, user, self.clock.now().monotonic);
        tokio::time::sleep(wait).await;
        Err(denied())
    }

    fn effective_user_access_level(&self, token: &UserToken, level: AccessLevel, node: &NodeId) -> AccessLevel {
        let writers = self.writers.read().unwrap_or_else(PoisonError::into_inner);
        let may_write = writers.get(node).is_some_and(|writers| !token.is_anonymous() && writers.contains(&token.0));
        if may_write { level } else { level & (AccessLevel::CURRENT_READ | AccessLevel::HISTORY_READ) }
    }

    fn is_user_executable(&self, token: &UserToken, method: &NodeId) -> bool {
        // What the standard itself offers to everybody: condition refresh, resend data.
        method.namespace == 0 || !token.is_anonymous()
    }

    fn user_token_policies(&self, endpoint: &ServerEndpoint) -> Vec<UserTokenPolicy> {
        let policy = |id: UAString, kind, security: UAString| UserTokenPolicy {
            policy_id: id,
            token_type: kind,
            issued_token_type: UAString::null(),
            issuer_endpoint_url: UAString::null(),
            security_policy_uri: security,
        };
        let mut policies = Vec::new();
        if self.anonymous == Anonymous::Read {
            policies.push(policy(ANONYMOUS_POLICY.into(), UserTokenType::Anonymous, UAString::null()));
        }
        let secures: SecurityPolicy = endpoint.password_security_policy();
        if !self.users.is_empty() && endpoint.message_security_mode() != MessageSecurityMode::None {
            // Said in so many words, so that no client takes it for "in clear" where messages are only signed.
            let uri = UAString::from(secures.to_uri());
            policies.push(policy(user_pass_security_policy_id(endpoint), UserTokenType::UserName, uri));
        }
        policies
    }

    fn core_permissions(&self, token: &UserToken) -> CoreServerPermissions {
        CoreServerPermissions { read_diagnostics: !token.is_anonymous() }
    }
}

/// The role of each user.
pub(super) fn roles(plan: &FaceConnection) -> Roles {
    plan.users.iter().map(|user| (user.name.clone(), user.role.clone())).collect()
}
