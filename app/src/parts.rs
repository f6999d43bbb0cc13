//! The parts of the browser's program. What draws a page is fetched when one of its part is first looked at; the frame, the
//! router and what every part uses come first. What else a part needs is one file: docs/decisions/0018.

use leptos::prelude::*;
use leptos_router::LazyRoute;

use crate::account::AccountPage;
use crate::api_keys::{ApiKeyPage, ApiKeysPage, NewApiKeyPage};
use crate::audit::AuditPage;
use crate::entrance::{
    ForgotPage, InvitationPage, ResetPage, SignInPage, SignUpPage, VerifyPage, WelcomePage,
};
use crate::environments::{EnvironmentPage, EnvironmentsPage};
use crate::flag::{FlagCodePage, FlagHistoryPage, FlagInsightsPage, FlagPage, FlagSettingsPage};
use crate::flags::{FlagsPage, NewFlagPage};
use crate::organization::{MembersPage, OrganizationPage};
use crate::playground::PlaygroundPage;
use crate::project::SettingsPage;
use crate::quickstart::QuickstartPage;
use crate::segments::{NewSegmentPage, SegmentPage, SegmentsPage};
use crate::templates::TemplatesPage;
use crate::usage::UsagePage;

/// Makes a part of pages: a function that is fetched with all that only they need, and a route of the page's name for each.
/// Without the feature `split` everything is fetched at once, which is quicker to build.
macro_rules! part {
    ($part:ident, $preload:ident: $($route:ident shows $page:ident),+ $(,)?) => {
        mod $part {
            use leptos::prelude::*;

            #[cfg(feature = "split")]
            #[lazy]
            pub(super) fn $part(page: &'static str) -> AnyView {
                show(page)
            }

            #[cfg(not(feature = "split"))]
            pub(super) async fn $part(page: &'static str) -> AnyView {
                show(page)
            }

            fn show(page: &'static str) -> AnyView {
                match page {
                    $(stringify!($route) => super::$page().into_any(),)+
                    _ => ().into_any(),
                }
            }
        }

        $(
            pub(crate) struct $route;

            impl LazyRoute for $route {
                fn data() -> Self {
                    Self
                }

                async fn view(_this: Self) -> AnyView {
                    $part::$part(stringify!($route)).await
                }

                async fn preload() {
                    #[cfg(all(feature = "split", target_arch = "wasm32"))]
                    $part::$preload().await;
                }
            }
        )+
    };
}

part! { entrance, __preload_entrance:
    SignIn shows SignInPage,
    SignUp shows SignUpPage,
    Forgot shows ForgotPage,
    Reset shows ResetPage,
    Verify shows VerifyPage,
    Invitation shows InvitationPage,
    Welcome shows WelcomePage,
}

part! { people, __preload_people:
    Account shows AccountPage,
    Organization shows OrganizationPage,
    Members shows MembersPage,
}

part! { flags, __preload_flags:
    Flags shows FlagsPage,
}

part! { creating, __preload_creating:
    NewFlag shows NewFlagPage,
}

part! { targeting, __preload_targeting:
    Flag shows FlagPage,
}

part! { history, __preload_history:
    FlagHistory shows FlagHistoryPage,
}

part! { about, __preload_about:
    FlagSettings shows FlagSettingsPage,
}

part! { segments, __preload_segments:
    Segments shows SegmentsPage,
    NewSegment shows NewSegmentPage,
}

part! { segment, __preload_segment:
    Segment shows SegmentPage,
}

part! { environments, __preload_environments:
    Environments shows EnvironmentsPage,
    Environment shows EnvironmentPage,
}

part! { keys, __preload_keys:
    ApiKeys shows ApiKeysPage,
    NewApiKey shows NewApiKeyPage,
    ApiKey shows ApiKeyPage,
}

part! { settings, __preload_settings:
    Settings shows SettingsPage,
    Templates shows TemplatesPage,
}

part! { insight, __preload_insight:
    Usage shows UsagePage,
    FlagInsights shows FlagInsightsPage,
}

part! { audit, __preload_audit:
    Audit shows AuditPage,
}

part! { playground, __preload_playground:
    Playground shows PlaygroundPage,
}

part! { quickstart, __preload_quickstart:
    Quickstart shows QuickstartPage,
    FlagCode shows FlagCodePage,
}
