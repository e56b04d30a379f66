package io.qscope.service;

import io.qscope.model.ClientConfig;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be changed of a client's registration; what is left out stays as it is.
 *
 * @param redirectUris all redirect URIs from now on
 * @param grantTypes all grant types from now on
 * @param scopes all scopes from now on
 * @param config the whole configuration from now on
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false, addClassRetainedGenerated = true)
public record ClientChanges(
        @Nullable List<String> redirectUris,
        @Nullable Set<String> grantTypes,
        @Nullable Set<String> scopes,
        @Nullable ClientConfig config) {

    /** Copies the collections, which keep their order; no element may be null. */
    public ClientChanges {
        redirectUris = redirectUris == null ? null : Elements.list("redirectUris", redirectUris);
        grantTypes = grantTypes == null ? null : Elements.set("grantTypes", grantTypes);
        scopes = scopes == null ? null : Elements.set("scopes", scopes);
    }

    /** A builder that changes nothing. */
    public static ClientChangesBuilder builder() {
        return ClientChangesBuilder.builder();
    }
}
