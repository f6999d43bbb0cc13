//! How to run it. `README.md` has the same.

use leptos::prelude::*;

use super::Part;
use super::code::CodeBlock;

const COMMANDS: &str = "docker build -t togglebit .\ndocker run -p 3000:3000 -v togglebit:/data -e TOGGLEBIT_DEMO=true togglebit";

const ABOUT: &str = "In the folder of the source. The demo brings flags to try, and people to sign in as; leave its variable out \
                     where others can reach it.";

#[component]
pub(super) fn Hosting() -> impl IntoView {
    view! {
        <Part id="self-hosting" title="Running in two commands" about=ABOUT>
            <CodeBlock label="Commands to run Togglebit".to_owned() code=COMMANDS.to_owned() />
            <div class="mt-6 grid gap-6 text-muted md:grid-cols-3">
                <p>
                    "Without containers: " <code class="font-mono text-sm text-ink">"make start"</code>
                    " builds and runs it on Debian and Ubuntu, with Rust and Node.js."
                </p>
                <p>
                    "Data is one SQLite file in "<code class="font-mono text-sm text-ink">"/data"</code>
                    ". With "<code class="font-mono text-sm text-ink">"DATABASE_URL"</code>" it is PostgreSQL, for as many nodes as you like."
                </p>
                <p>
                    "Nothing calls home. Health is at "<code class="font-mono text-sm text-ink">"/ready"</code>
                    ", and Prometheus reads "<code class="font-mono text-sm text-ink">"/metrics"</code>"."
                </p>
            </div>
        </Part>
    }
}
