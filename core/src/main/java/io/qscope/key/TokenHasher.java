package io.qscope.key;

import io.qscope.model.TokenDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the digests that a store holds of codes and tokens, and those by which a presented value may be held: keys rotate, and a
 * value digested by an earlier one must still be found. A lookup tries {@link #candidates} in their order and acts on the digest
 * that it found. Safe for any number of threads.
 */
public final class TokenHasher {

    private final @Nullable Supplier<KeyRing> keys;
    private final Purpose purpose;
    private final boolean keyed;
    private final boolean readsUnkeyed;

    private TokenHasher(@Nullable Supplier<KeyRing> keys, Purpose purpose, boolean keyed, boolean readsUnkeyed) {
        this.keys = keys;
        this.purpose = purpose;
        this.keyed = keyed;
        this.readsUnkeyed = readsUnkeyed;
    }

    /** Plain SHA-256, for who has no keys and never had: a value that was digested by a key is not found. */
    public static TokenHasher unkeyed() {
        return new TokenHasher(null, Purpose.TOKENS, false, true);
    }

    /**
     * Plain SHA-256, which is enough for random values of 128 bits and more: there is nothing to guess. Values that were
     * digested by a key are found too.
     */
    public static TokenHasher sha256(Supplier<KeyRing> keys) {
        return new TokenHasher(Objects.requireNonNull(keys, "keys"), Purpose.TOKENS, false, true);
    }

    /**
     * HMAC-SHA-256 by the writing key, for whoever wants tokens keyed everywhere: a copy of the database then does not even tell
     * whether a token seen elsewhere is in it. Values digested by plain SHA-256 are found too.
     */
    public static TokenHasher hmac(Supplier<KeyRing> keys) {
        return new TokenHasher(Objects.requireNonNull(keys, "keys"), Purpose.TOKENS, true, true);
    }

    /** HMAC-SHA-256 only, for what people type: a value so short would be found by trying all of them. */
    public static TokenHasher userCodes(Supplier<KeyRing> keys) {
        return new TokenHasher(Objects.requireNonNull(keys, "keys"), Purpose.USER_CODES, true, false);
    }

    /** The digest under which a new value is stored. */
    public TokenDigest digest(String value) {
        Objects.requireNonNull(value, "value");
        return keyed && keys != null ? keys.get().writing().digest(purpose, value) : TokenDigest.sha256(value);
    }

    /** The digests under which the value may be stored, the likeliest first: what {@link #digest} makes, then the others. */
    public List<TokenDigest> candidates(String value) {
        Objects.requireNonNull(value, "value");
        List<TokenDigest> found = new ArrayList<>();
        if (keys != null) {
            keys.get().readable().forEach(key -> found.add(key.digest(purpose, value)));
        }
        if (readsUnkeyed) {
            found.add(keyed ? found.size() : 0, TokenDigest.sha256(value));
        }
        return found;
    }
}
