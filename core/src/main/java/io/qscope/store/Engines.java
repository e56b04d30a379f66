package io.qscope.store;

import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The engines on the class path. */
final class Engines {

    private Engines() {}

    /** Whoever opens URLs like this one. */
    static StorageProvider providerOf(String url) {
        String scheme = url.contains(":") ? url.substring(0, url.indexOf(':')) : "";
        ServiceLoader<StorageProvider> providers = ServiceLoader.load(StorageProvider.class);
        for (StorageProvider provider : providers) {
            if (provider.scheme().equals(scheme)) {
                return provider;
            }
        }
        String known = providers.stream()
                .map(provider -> provider.get().scheme() + ":")
                .sorted()
                .collect(Collectors.joining(", "));
        throw new IllegalArgumentException("a storage URL starts with one of " + known
                + (scheme.isEmpty()
                        ? "; this one has no scheme"
                        : "; nothing on the class path knows " + scheme + ":"));
    }
}
