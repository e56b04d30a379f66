package io.qscope.service;

import java.util.Objects;

/**
 * How a client shows who it is at an endpoint (RFC 6749 §2.3). Never prints a secret.
 */
public sealed interface ClientCredentials {

    /** The {@code client_id}. */
    String clientIdentifier();

    /** A confidential client with its secret, from HTTP Basic or from the body (RFC 6749 §2.3.1). */
    static ClientCredentials secret(String clientIdentifier, String secret) {
        return new Secret(clientIdentifier, secret);
    }

    /** A public client, which names itself only (RFC 6749 §2.1). */
    static ClientCredentials none(String clientIdentifier) {
        return new None(clientIdentifier);
    }

    /**
     * A confidential client that the caller has authenticated by other means: {@code private_key_jwt} (RFC 7523 §3), mutual TLS
     * (RFC 8705). The service believes it.
     */
    static ClientCredentials verified(String clientIdentifier) {
        return new Verified(clientIdentifier);
    }

    /** With a secret. */
    record Secret(String clientIdentifier, String secret) implements ClientCredentials {

        /** Neither may be null. */
        public Secret {
            Objects.requireNonNull(clientIdentifier, "clientIdentifier");
            Objects.requireNonNull(secret, "secret");
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "client " + clientIdentifier + " with a secret";
        }
    }

    /** Without any. */
    record None(String clientIdentifier) implements ClientCredentials {

        /** May not be null. */
        public None {
            Objects.requireNonNull(clientIdentifier, "clientIdentifier");
        }
    }

    /** Verified by the caller. */
    record Verified(String clientIdentifier) implements ClientCredentials {

        /** May not be null. */
        public Verified {
            Objects.requireNonNull(clientIdentifier, "clientIdentifier");
        }
    }
}
