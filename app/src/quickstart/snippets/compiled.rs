//! Languages that are compiled, which ask for whole numbers and for others by different names.

use super::{About, quoted, sample};
use crate::ui::code::Language;

pub(super) fn go(about: &About) -> Language {
    let About { url, flag, server_key, .. } = about;
    let (name, text, number) = (quoted(flag), &about.text, &about.number);
    let kind = if about.is_whole { "Int" } else { "Float" };
    let ask = about.by_type(
        format!("Boolean(ctx, {name}, false, user)"),
        format!("String(ctx, {name}, {text}, user)"),
        format!("{kind}(ctx, {name}, {number}, user)"),
        format!("Object(ctx, {name}, map[string]any{{}}, user)"),
    );
    let text = format!(
        r#"package main

import (
	"context"
	"fmt"
	"log"

	"github.com/open-feature/go-sdk-contrib/providers/ofrep"
	"github.com/open-feature/go-sdk/openfeature"
)

func main() {{
	provider := ofrep.NewProvider("{url}", ofrep.WithBearerToken("{server_key}"))
	if err := openfeature.SetProviderAndWait(provider); err != nil {{
		log.Fatal(err)
	}}

	ctx := context.Background()
	client := openfeature.NewClient("app")
	user := openfeature.NewEvaluationContext("user-1", map[string]any{{"plan": "pro"}})
	fmt.Println(client.{ask})
}}"#
    );
    let install =
        "go get github.com/open-feature/go-sdk github.com/open-feature/go-sdk-contrib/providers/ofrep";
    let samples = vec![sample("Install", install.to_owned()), sample("Evaluate", text)];
    Language { id: "go", name: "Go", samples, note: None }
}

pub(super) fn java(about: &About) -> Language {
    let About { url, flag, server_key, .. } = about;
    let (name, text) = (quoted(flag), &about.text);
    let number = match about.is_whole {
        true => format!("getIntegerValue({name}, {}, user)", about.number),
        false => format!("getDoubleValue({name}, {}, user)", about.fraction()),
    };
    let ask = about.by_type(
        format!("getBooleanValue({name}, false, user)"),
        format!("getStringValue({name}, {text}, user)"),
        number,
        format!("getObjectValue({name}, new Value(), user)"),
    );
    let value = about.by_type("", "", "", "import dev.openfeature.sdk.Value;\n");
    let text = format!(
        r#"import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.openfeature.contrib.providers.ofrep.OfrepProvider;
import dev.openfeature.contrib.providers.ofrep.OfrepProviderOptions;
import dev.openfeature.sdk.MutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
{value}
public class App {{
    public static void main(String[] args) {{
        OfrepProviderOptions options = OfrepProviderOptions.builder()
            .baseUrl("{url}")
            .headers(ImmutableMap.of("Authorization", ImmutableList.of("Bearer {server_key}")))
            .build();
        OpenFeatureAPI api = OpenFeatureAPI.getInstance();
        api.setProviderAndWait(OfrepProvider.constructProvider(options));

        MutableContext user = new MutableContext("user-1");
        user.add("plan", "pro");
        System.out.println(api.getClient().{ask});
        api.shutdown();
    }}
}}"#
    );
    let install = "implementation 'dev.openfeature:sdk:1.+'\n\
                   implementation 'dev.openfeature.contrib.providers:ofrep:0.0.2'";
    let samples = vec![sample("build.gradle", install.to_owned()), sample("App.java", text)];
    Language { id: "java", name: "Java", samples, note: None }
}

pub(super) fn dotnet(about: &About) -> Language {
    let About { url, flag, server_key, .. } = about;
    let (name, text) = (quoted(flag), &about.text);
    let number = match about.is_whole {
        true => format!("GetIntegerValueAsync({name}, {}, user)", about.number),
        false => format!("GetDoubleValueAsync({name}, {}, user)", about.fraction()),
    };
    let ask = about.by_type(
        format!("GetBooleanValueAsync({name}, false, user)"),
        format!("GetStringValueAsync({name}, {text}, user)"),
        number,
        format!("GetObjectValueAsync({name}, new Value(), user)"),
    );
    let text = format!(
        r#"using OpenFeature;
using OpenFeature.Model;
using OpenFeature.Providers.Ofrep;
using OpenFeature.Providers.Ofrep.Configuration;

var options = new OfrepOptions("{url}")
{{
    Headers = new Dictionary<string, string> {{ ["Authorization"] = "Bearer {server_key}" }},
}};
await Api.Instance.SetProviderAsync(new OfrepProvider(options));

var user = EvaluationContext.Builder().SetTargetingKey("user-1").Set("plan", "pro").Build();
Console.WriteLine(await Api.Instance.GetClient().{ask});"#
    );
    let install = "dotnet add package OpenFeature.Providers.Ofrep".to_owned();
    let samples = vec![sample("Install", install), sample("Program.cs", text)];
    Language { id: "dotnet", name: ".NET", samples, note: None }
}
