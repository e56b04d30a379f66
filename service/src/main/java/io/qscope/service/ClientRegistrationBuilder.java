package io.qscope.service;

import io.qscope.model.ClientConfig;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a {@link ClientRegistration}. Written by hand, since a generated one prints the secret. For one thread. */
public final class ClientRegistrationBuilder {

    private @Nullable String clientIdentifier;
    private boolean isConfidential = true;
    private @Nullable String chosenSecret;
    private List<String> redirectUris = List.of();
    private Set<String> grantTypes = Set.of();
    private Set<String> scopes = Set.of();
    private ClientConfig config = ClientConfig.defaults();

    ClientRegistrationBuilder() {}

    /** See {@link ClientRegistration#clientIdentifier()}. */
    public ClientRegistrationBuilder clientIdentifier(@Nullable String chosen) {
        this.clientIdentifier = chosen;
        return this;
    }

    /** See {@link ClientRegistration#isConfidential()}. */
    public ClientRegistrationBuilder isConfidential(boolean keepsSecrets) {
        this.isConfidential = keepsSecrets;
        return this;
    }

    /** See {@link ClientRegistration#chosenSecret()}. */
    public ClientRegistrationBuilder chosenSecret(@Nullable String chosen) {
        this.chosenSecret = chosen;
        return this;
    }

    /** See {@link ClientRegistration#redirectUris()}. */
    public ClientRegistrationBuilder redirectUris(List<String> uris) {
        this.redirectUris = uris;
        return this;
    }

    /** See {@link ClientRegistration#grantTypes()}. */
    public ClientRegistrationBuilder grantTypes(Set<String> types) {
        this.grantTypes = types;
        return this;
    }

    /** See {@link ClientRegistration#scopes()}. */
    public ClientRegistrationBuilder scopes(Set<String> all) {
        this.scopes = all;
        return this;
    }

    /** See {@link ClientRegistration#config()}. */
    public ClientRegistrationBuilder config(ClientConfig whole) {
        this.config = whole;
        return this;
    }

    /** The registration. */
    public ClientRegistration build() {
        return new ClientRegistration(
                clientIdentifier, isConfidential, chosenSecret, redirectUris, grantTypes, scopes, config);
    }
}
