package io.qscope.spring;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization.Token;

/** Writes what Spring has of a token into its row's metadata, where no column takes it exactly, and reads it back. */
final class TokenMetadata {

    private static final String ISSUED_AT = "issued_at";
    private static final String EXPIRES_AT = "expires_at";
    private static final String TYPE = "token_type";
    private static final String CLAIMS = "claims";
    private static final String CLAIMS_ARE_METADATA = "claims_are_metadata";
    private static final String METADATA = "metadata";
    private static final String DEVICE = "device";
    private static final String USER = "user";

    private final ValueCodec codec;

    TokenMetadata(ValueCodec codec) {
        this.codec = codec;
    }

    /** @throws IllegalArgumentException naming what cannot be stored */
    Map<String, Object> write(TokenFields token, String rowId) {
        return write(token, rowId, "");
    }

    /** Of a device code and a user code, which are one row. Either may be missing. */
    Map<String, Object> write(@Nullable TokenFields device, @Nullable TokenFields user, String rowId) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (device != null) {
            json.put(DEVICE, write(device, rowId, DEVICE));
        }
        if (user != null) {
            json.put(USER, write(user, rowId, USER));
        }
        return json;
    }

    private Map<String, Object> write(TokenFields token, String rowId, String part) {
        Map<String, Object> json = new LinkedHashMap<>();
        put(json, ISSUED_AT, token.issuedAt());
        put(json, EXPIRES_AT, token.expiresAt());
        if (token.type() != null) {
            json.put(TYPE, token.type());
        }
        Map<String, @Nullable Object> metadata = token.metadata();
        Map<String, @Nullable Object> claims = token.claims();
        if (claims != null) {
            json.put(CLAIMS, codec.encode(claims, belongsTo(rowId, part, CLAIMS)));
            // Spring holds an ID token's claims twice.
            if (claims.equals(metadata.get(Token.CLAIMS_METADATA_NAME))) {
                metadata = new LinkedHashMap<>(metadata);
                metadata.remove(Token.CLAIMS_METADATA_NAME);
                json.put(CLAIMS_ARE_METADATA, true);
            }
        }
        json.put(METADATA, codec.encode(metadata, belongsTo(rowId, part, METADATA)));
        return json;
    }

    private static void put(Map<String, Object> json, String name, @Nullable Instant value) {
        if (value != null) {
            json.put(name, ExactInstant.text(value));
        }
    }

    /** @throws UnreadableValueException when it is damaged or foreign */
    TokenFields read(Map<String, Object> json, Set<String> scopes, String rowId) {
        return read(json, scopes, rowId, "");
    }

    /** Of the device code of a row; none: it has none. */
    @Nullable
    TokenFields readDeviceCode(Map<String, Object> json, String rowId) {
        return readPart(json, DEVICE, rowId);
    }

    /** Of the user code of a device code's row; none: it has none. */
    @Nullable
    TokenFields readUserCode(Map<String, Object> json, String rowId) {
        return readPart(json, USER, rowId);
    }

    private @Nullable TokenFields readPart(Map<String, Object> json, String part, String rowId) {
        return json.get(part) instanceof Map<?, ?> fields ? read(fields, Set.of(), rowId, part) : null;
    }

    private TokenFields read(Map<?, ?> json, Set<String> scopes, String rowId, String part) {
        Map<String, @Nullable Object> claims =
                json.get(CLAIMS) instanceof String text ? codec.decode(text, belongsTo(rowId, part, CLAIMS)) : null;
        if (!(json.get(METADATA) instanceof String text)) {
            throw new UnreadableValueException("its metadata is damaged, or not written by this adapter");
        }
        Map<String, @Nullable Object> metadata = codec.decode(text, belongsTo(rowId, part, METADATA));
        if (claims != null && Boolean.TRUE.equals(json.get(CLAIMS_ARE_METADATA))) {
            metadata.put(Token.CLAIMS_METADATA_NAME, claims);
        }
        String type = json.get(TYPE) instanceof String stored ? stored : null;
        return new TokenFields(instant(json, ISSUED_AT), instant(json, EXPIRES_AT), type, scopes, claims, metadata);
    }

    private static @Nullable Instant instant(Map<?, ?> json, String name) {
        return json.get(name) instanceof String text ? ExactInstant.parse(text) : null;
    }

    private static String belongsTo(String rowId, String part, String field) {
        return rowId + "." + part + "." + field;
    }
}
