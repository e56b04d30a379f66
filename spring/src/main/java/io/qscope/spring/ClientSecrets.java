package io.qscope.spring;

import io.qscope.key.SealException;
import io.qscope.key.Sealer;
import io.qscope.model.EncodedSecret;
import io.qscope.model.OAuthClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Client secrets as they are stored. One that is encoded, {@code {scheme}value}, is stored as it is; one that is a bare hash of
 * a known form, beside a scheme of ours. Whatever else there is can be read by whoever has the database, also {@code {noop}}:
 * it is sealed with the key ring, and refused without one.
 */
final class ClientSecrets {

    private static final String BARE = "{qscope.bare}";
    private static final String SEALED = "{qscope.sealed}";
    private static final Pattern ENCODED = Pattern.compile("\\{(?!noop}|qscope\\.)[A-Za-z0-9_.@-]{1,40}}.+");
    private static final Pattern HASH =
            Pattern.compile("\\$2[abxy]?\\$\\d{2}\\$[./A-Za-z0-9]{53}|\\$argon2(?:id|i|d)\\$[!-~]+");

    private final @Nullable Sealer sealer;

    /** @param sealer none: a secret that is not encoded is refused */
    ClientSecrets(@Nullable Sealer sealer) {
        this.sealer = sealer;
    }

    /**
     * The form in which a secret is stored.
     *
     * @param id the client's id, to which a sealed secret belongs
     * @throws IllegalArgumentException when it is neither encoded nor can be sealed; the message has nothing of it
     */
    @Nullable
    EncodedSecret stored(@Nullable String secret, String id) {
        if (secret == null) {
            return null;
        }
        if (ENCODED.matcher(secret).matches()) {
            return new EncodedSecret(secret);
        }
        if (HASH.matcher(secret).matches()) {
            return new EncodedSecret(BARE + secret);
        }
        if (sealer == null) {
            throw new IllegalArgumentException("clientSecret is not encoded, and would be stored for everybody to read;"
                    + " encode it with a PasswordEncoder, as {bcrypt}…, or set qscope.keys-file so that it is sealed");
        }
        return new EncodedSecret(SEALED + sealer.seal(secret, place(id)));
    }

    /**
     * The secret as Spring gave it.
     *
     * @throws UnreadableValueException when it is sealed and does not open
     */
    @Nullable
    String given(@Nullable EncodedSecret stored, String id) {
        if (stored == null) {
            return null;
        }
        String value = stored.value();
        if (value.startsWith(BARE)) {
            return value.substring(BARE.length());
        }
        if (!value.startsWith(SEALED)) {
            return value;
        }
        if (sealer == null) {
            throw new UnreadableValueException("the client's secret is sealed, and there is no key ring");
        }
        try {
            return sealer.open(value.substring(SEALED.length()), place(id));
        } catch (SealException e) {
            throw new UnreadableValueException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Whether another client has the same secret. Only sealed ones have to be opened for that: whatever else there is, equal
     * secrets are stored alike.
     */
    boolean isSame(EncodedSecret stored, String id, OAuthClient other) {
        EncodedSecret theirs = other.clientSecret();
        if (theirs == null
                || !stored.value().startsWith(SEALED)
                || !theirs.value().startsWith(SEALED)) {
            return theirs != null && MessageDigest.isEqual(bytes(stored.value()), bytes(theirs.value()));
        }
        return MessageDigest.isEqual(bytes(given(stored, id)), bytes(given(theirs, other.id())));
    }

    private static byte[] bytes(@Nullable String text) {
        return String.valueOf(text).getBytes(StandardCharsets.UTF_8);
    }

    private static String place(String id) {
        return "client " + id + " secret";
    }
}
