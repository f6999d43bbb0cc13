//! What is refused changes nothing.

use serde_json::Value;
use testkit::Workspace;

use super::{Manage, Who};
use crate::client::Answer;

/// The people of a workspace, by their tokens.
pub(crate) struct People {
    pub(crate) owner: Who,
    pub(crate) admin: Who,
    pub(crate) developer: Who,
    pub(crate) outsider: Who,
}

impl Manage {
    /// A workspace and its people.
    pub(crate) async fn people(&self) -> (Workspace, People) {
        let workspace = self.kit.workspace().await;
        let token = async |actor| {
            let who = self.token_of(actor, "write").await;
            // The first use is written down.
            self.get(&who, "/api/v1/me").await;
            who
        };
        let people = People {
            owner: token(&workspace.owner).await,
            admin: token(&workspace.admin).await,
            developer: token(&workspace.developer).await,
            outsider: token(&workspace.outsider).await,
        };
        (workspace, people)
    }

    /// Sends what must be refused, and asserts that everything is as it was: a forbidden attempt alone may be in the log.
    pub(crate) async fn refused(
        &self,
        who: &Who,
        headers: &[(&str, &str)],
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let (state, entries) = (self.kit.state().await, self.kit.audit_entries().await);
        let what = format!("{method} {path} {body:?}");
        let answer = self.ask_with(who, headers, method, path, body).await;
        assert!(answer.status.is_client_error(), "{what}: {answer:?}");
        let now = self.kit.state().await;
        assert!(now == state, "{what}: something changed: {:?}", state.changes(&now));
        let gained = self.kit.audit_entries().await - entries;
        assert!(gained == 0 || gained == 1 && answer.status == 403, "{what}: {gained} entries: {answer:?}");
        answer
    }

    /// Whoever may not change something: nobody, who is asked to sign in; somebody of another organization, for whom there
    /// is no such one; and a developer, who is forbidden to.
    pub(crate) async fn refused_to_others(
        &self,
        (workspace, people): &(Workspace, People),
        method: &str,
        path: &str,
        body: Option<Value>,
    ) {
        let organization = [("x-org-id", workspace.organization.as_str())];
        for (who, status, code) in [
            (&Who::Nobody, 401, "unauthenticated"),
            (&people.outsider, 404, "not_found"),
            (&people.developer, 403, "forbidden"),
        ] {
            self.refused(who, &organization, method, path, body.clone()).await.error(status, code);
        }
    }

    /// Whoever may not look: nobody, and somebody of another organization.
    pub(crate) async fn hidden_from_others(&self, (workspace, people): &(Workspace, People), path: &str) {
        let organization = [("x-org-id", workspace.organization.as_str())];
        self.refused(&Who::Nobody, &organization, "GET", path, None).await.error(401, "unauthenticated");
        self.refused(&people.outsider, &organization, "GET", path, None).await.error(404, "not_found");
    }

    /// Asks again for what was just answered, which is still what it was.
    pub(crate) async fn expect_not_modified(&self, who: &Who, path: &str) {
        let first = self.get(who, path).await;
        assert_eq!(first.status, 200, "{first:?}");
        let tag = first.headers["etag"].to_str().unwrap().to_owned();
        let again = self.ask_with(who, &[("if-none-match", &tag)], "GET", path, None).await;
        assert_eq!((again.status.as_u16(), &again.body), (304, &Value::Null));
    }

    /// The newest entry of the workspace's log: what happened, and to what.
    pub(crate) async fn newest_entry(&self, workspace: &Workspace) -> (String, String) {
        let log = self.kit.log(&workspace.owner, &workspace.organization).await;
        let entry = log.last().unwrap();
        (entry.action.clone(), entry.resource.key.clone())
    }
}
