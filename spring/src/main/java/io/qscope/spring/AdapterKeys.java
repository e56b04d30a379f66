package io.qscope.spring;

import io.qscope.key.KeyRing;
import io.qscope.key.Sealer;
import io.qscope.key.TokenHasher;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the adapter makes with the key ring, if there is one.
 *
 * @param ring none: nothing is sealed, tokens are digested by plain SHA-256, and the device grant is refused
 * @param sealer opens and seals; none without a ring
 * @param tokens digests codes, tokens and handles
 * @param userCodes digests what people type; none without a ring
 */
record AdapterKeys(
        @Nullable Supplier<KeyRing> ring,
        @Nullable Sealer sealer,
        TokenHasher tokens,
        @Nullable TokenHasher userCodes) {

    static AdapterKeys none() {
        return new AdapterKeys(null, null, TokenHasher.unkeyed(), null);
    }

    /** @param keyedTokens whether tokens are digested with the key as well */
    static AdapterKeys of(Supplier<KeyRing> ring, boolean keyedTokens) {
        return new AdapterKeys(
                ring,
                new Sealer(ring),
                keyedTokens ? TokenHasher.hmac(ring) : TokenHasher.sha256(ring),
                TokenHasher.userCodes(ring));
    }
}
