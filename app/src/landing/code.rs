//! How a flag is asked for, in three languages. `docs/API.md` has the same, and tests run it.

use leptos::prelude::*;

use super::Part;

/// A language: its id, its name, what is installed, and the code. The classes are written out because the stylesheet is made
/// from what the sources say.
struct Sample {
    id: &'static str,
    name: &'static str,
    install: &'static str,
    code: String,
    input: &'static str,
    label: &'static str,
    panel: &'static str,
}

fn samples(url: &str) -> [Sample; 3] {
    [
        Sample {
            id: "curl",
            name: "curl",
            install: "Nothing to install. KEY is an API key of an environment.",
            code: format!(
                "curl -s {url}/ofrep/v1/evaluate/flags/checkout-v2 \\\n  \
                 -H \"Authorization: Bearer $KEY\" \\\n  \
                 -d '{{\"context\":{{\"targetingKey\":\"user-1\"}}}}'"
            ),
            input: "peer/curl sr-only",
            label: "button cursor-pointer peer-checked/curl:border-accent peer-checked/curl:text-accent peer-focus-visible/curl:outline-2 peer-focus-visible/curl:outline-offset-2 peer-focus-visible/curl:outline-accent",
            panel: "hidden min-w-0 basis-full peer-checked/curl:block",
        },
        Sample {
            id: "typescript",
            name: "TypeScript",
            install: "npm install @openfeature/server-sdk @openfeature/ofrep-provider",
            code: format!(
                "import {{ OpenFeature }} from \"@openfeature/server-sdk\";\n\
                 import {{ OFREPProvider }} from \"@openfeature/ofrep-provider\";\n\n\
                 await OpenFeature.setProviderAndWait(new OFREPProvider({{\n  \
                 baseUrl: \"{url}\",\n  \
                 headers: [[\"Authorization\", `Bearer ${{KEY}}`]],\n\
                 }}));\n\n\
                 const on = await OpenFeature.getClient().getBooleanValue(\n  \
                 \"checkout-v2\", false, {{ targetingKey: \"user-1\", plan: \"pro\" }},\n);"
            ),
            input: "peer/typescript sr-only",
            label: "button cursor-pointer peer-checked/typescript:border-accent peer-checked/typescript:text-accent peer-focus-visible/typescript:outline-2 peer-focus-visible/typescript:outline-offset-2 peer-focus-visible/typescript:outline-accent",
            panel: "hidden min-w-0 basis-full peer-checked/typescript:block",
        },
        Sample {
            id: "python",
            name: "Python",
            install: "pip install openfeature-sdk openfeature-provider-ofrep",
            code: format!(
                "from openfeature import api\n\
                 from openfeature.contrib.provider.ofrep import OFREPProvider\n\
                 from openfeature.evaluation_context import EvaluationContext\n\n\
                 api.set_provider(OFREPProvider(\n    \
                 \"{url}\",\n    \
                 headers_factory=lambda: {{\"Authorization\": f\"Bearer {{KEY}}\"}},\n))\n\n\
                 on = api.get_client().get_boolean_value(\n    \
                 \"checkout-v2\", False, EvaluationContext(\"user-1\", {{\"plan\": \"pro\"}})\n)"
            ),
            input: "peer/python sr-only",
            label: "button cursor-pointer peer-checked/python:border-accent peer-checked/python:text-accent peer-focus-visible/python:outline-2 peer-focus-visible/python:outline-offset-2 peer-focus-visible/python:outline-accent",
            panel: "hidden min-w-0 basis-full peer-checked/python:block",
        },
    ]
}

const ABOUT: &str = "Togglebit speaks OpenFeature's own protocol, so OpenFeature's providers work as they are. Leaving again \
                     is a change of one address.";

#[component]
pub(super) fn Code(url: String) -> impl IntoView {
    let samples = samples(&url);
    let inputs = samples.each_ref().map(|sample| {
        let Sample { id, name, input, label, .. } = *sample;
        let is_first = id == "curl";
        view! {
            <input id=format!("language-{id}") class=input type="radio" name="language" value=id checked=is_first />
            <label class=label for=format!("language-{id}")>{name}</label>
        }
    });
    let panels = samples.map(|sample| {
        let Sample { install, code, panel, name, .. } = sample;
        view! {
            <div class=panel>
                <p class="mt-2 mb-2 font-mono text-sm text-muted [overflow-wrap:anywhere]">{install}</p>
                <CodeBlock label=format!("{name} example") code />
            </div>
        }
    });
    view! {
        <Part id="code" title="Ask from any language" about=ABOUT>
            <fieldset class="relative flex min-w-0 flex-wrap gap-2">
                <legend class="sr-only">"Language"</legend>
                {inputs.into_iter().collect_view()} {panels.into_iter().collect_view()}
            </fieldset>
            <p class="mt-4 text-muted">
                "In pages, with a browser key, the web provider follows changes as they happen. "
                <a class="link" href="/docs">"All routes are in the API reference."</a>
            </p>
        </Part>
    }
}

/// Code that can be copied, and scrolled where it is wide.
#[component]
pub(super) fn CodeBlock(label: String, code: String) -> impl IntoView {
    view! {
        <div class="relative flex flex-col rounded-lg border border-line bg-surface">
            <pre class="overflow-x-auto p-4 sm:pr-20 font-mono text-sm leading-relaxed" tabindex="0" role="region" aria-label=label><code>{code}</code></pre>
            <button type="button" class="copy button order-first m-2 mb-0 h-7 self-end px-2 text-sm sm:absolute sm:top-2 sm:right-2 sm:m-0" hidden>"Copy"</button>
        </div>
    }
}
