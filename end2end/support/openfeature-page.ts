import { OpenFeature, ProviderEvents } from "@openfeature/web-sdk";
import { OFREPWebProvider, type OFREPWebProviderOptions } from "@openfeature/ofrep-web-provider";

// What runs in a page: OpenFeature with the provider that knows no vendor.

/** Who asks, as the tests have it. */
export type Context = Record<string, string>;

/** What a flag is asked with. */
export type Default = boolean | string | number | Record<string, never>;

const events: { name: string; flags: string[] }[] = [];
for (const name of Object.values(ProviderEvents)) {
  OpenFeature.addHandler(name, (details) => {
    const { flagsChanged = [] } = (details ?? {}) as { flagsChanged?: string[] };
    events.push({ name, flags: flagsChanged });
  });
}

const page = {
  /** What the SDK told of, the oldest first. */
  events,

  /** Starts, and says how the provider is then. */
  async start(context: Context, options: OFREPWebProviderOptions) {
    await OpenFeature.setContext(context);
    try {
      await OpenFeature.setProviderAndWait(new OFREPWebProvider(options));
    } catch {
      // The status says it.
    }
    return page.status();
  },

  status: () => OpenFeature.getClient().providerStatus as string,

  change: (context: Context) => OpenFeature.setContext(context),

  /** What a flag is, asked for as what the default is. */
  details(flag: string, fallback: Default) {
    const client = OpenFeature.getClient();
    switch (typeof fallback) {
      case "boolean":
        return client.getBooleanDetails(flag, fallback);
      case "string":
        return client.getStringDetails(flag, fallback);
      case "number":
        return client.getNumberDetails(flag, fallback);
      default:
        return client.getObjectDetails(flag, fallback);
    }
  },
};

export type Page = typeof page;

declare global {
  // eslint-disable-next-line no-var
  var openfeature: Page;
}

globalThis.openfeature = page;
