package io.qscope.service;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link CodeRequest}. Written by hand, since a generated one prints the challenge, which by the method {@code plain} is
 * the verifier. For one thread.
 */
public final class CodeRequestBuilder {

    private @Nullable String clientIdentifier;
    private @Nullable String redirectUri;
    private @Nullable String userId;
    private @Nullable Set<String> scopes;
    private @Nullable String codeChallenge;
    private @Nullable String codeChallengeMethod;
    private Map<String, Object> attributes = Map.of();
    private Map<String, Object> metadata = Map.of();

    CodeRequestBuilder() {}

    /** See {@link CodeRequest#clientIdentifier()}. */
    public CodeRequestBuilder clientIdentifier(String id) {
        this.clientIdentifier = id;
        return this;
    }

    /** See {@link CodeRequest#redirectUri()}. */
    public CodeRequestBuilder redirectUri(@Nullable String uri) {
        this.redirectUri = uri;
        return this;
    }

    /** See {@link CodeRequest#userId()}. */
    public CodeRequestBuilder userId(String user) {
        this.userId = user;
        return this;
    }

    /** See {@link CodeRequest#scopes()}. */
    public CodeRequestBuilder scopes(@Nullable Set<String> agreed) {
        this.scopes = agreed;
        return this;
    }

    /** See {@link CodeRequest#codeChallenge()}. */
    public CodeRequestBuilder codeChallenge(@Nullable String challenge) {
        this.codeChallenge = challenge;
        return this;
    }

    /** See {@link CodeRequest#codeChallengeMethod()}. */
    public CodeRequestBuilder codeChallengeMethod(@Nullable String method) {
        this.codeChallengeMethod = method;
        return this;
    }

    /** See {@link CodeRequest#attributes()}. */
    public CodeRequestBuilder attributes(Map<String, Object> kept) {
        this.attributes = kept;
        return this;
    }

    /** See {@link CodeRequest#metadata()}. */
    public CodeRequestBuilder metadata(Map<String, Object> kept) {
        this.metadata = kept;
        return this;
    }

    /**
     * The request.
     *
     * @throws NullPointerException naming the field that is missing
     */
    public CodeRequest build() {
        return new CodeRequest(
                Objects.requireNonNull(clientIdentifier, "clientIdentifier"),
                redirectUri,
                Objects.requireNonNull(userId, "userId"),
                scopes,
                codeChallenge,
                codeChallengeMethod,
                attributes,
                metadata);
    }

    /** Without the challenge. */
    @Override
    public String toString() {
        return "code request of client " + clientIdentifier + ", redirect URI " + redirectUri + ", scopes " + scopes;
    }
}
