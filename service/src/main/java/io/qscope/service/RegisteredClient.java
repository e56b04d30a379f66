package io.qscope.service;

import io.qscope.model.OAuthClient;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client with its new secret. Never prints the secret.
 *
 * @param client as stored
 * @param secret the generated secret, shown this once and not kept; none for a public client, and where it was chosen
 */
public record RegisteredClient(OAuthClient client, @Nullable String secret) {

    /** The client may not be null. */
    public RegisteredClient {
        Objects.requireNonNull(client, "client");
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "client " + client.clientIdentifier() + (secret == null ? "" : " with a generated secret");
    }
}
