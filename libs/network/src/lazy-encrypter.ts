import type { ConnectionEncrypter } from "@libp2p/interface";

/**
 * An encrypter that is loaded for its first connection. TLS brings a certificate library of 250 modules, a third of
 * the time to load libp2p, which a node without peers never needs; nor does any node of ours need Noise, which is
 * there for others' implementations.
 */
export function lazyEncrypter<Components>(
  protocol: string,
  load: () => Promise<(components: Components) => ConnectionEncrypter>,
): (components: Components) => ConnectionEncrypter {
  return (components) => {
    let loading: Promise<ConnectionEncrypter> | undefined;
    const loaded = async (): Promise<ConnectionEncrypter> => {
      loading ??= load().then((create) => create(components));
      return loading;
    };
    return {
      protocol,
      secureInbound: async (connection, options) => (await loaded()).secureInbound(connection, options),
      secureOutbound: async (connection, options) => (await loaded()).secureOutbound(connection, options),
    };
  };
}
