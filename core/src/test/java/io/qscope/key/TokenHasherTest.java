package io.qscope.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.TokenDigest;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Under which digests a value is stored and looked for. */
class TokenHasherTest {

    private static final String VALUE = "a value";

    private final Key old = Key.generate("old");
    private final Key young = Key.generate("young");
    private final AtomicReference<KeyRing> ring = new AtomicReference<>(KeyRing.of(old));

    @Test
    void plainIsSha256AndStillFindsWhatWasKeyed() {
        TokenHasher plain = TokenHasher.sha256(ring::get);
        assertThat(plain.digest(VALUE)).isEqualTo(TokenDigest.sha256(VALUE));
        assertThat(plain.candidates(VALUE))
                .containsExactly(TokenDigest.sha256(VALUE), old.digest(Purpose.TOKENS, VALUE));
    }

    @Test
    void withoutKeysThereIsSha256Alone() {
        TokenHasher unkeyed = TokenHasher.unkeyed();
        assertThat(unkeyed.digest(VALUE)).isEqualTo(TokenDigest.sha256(VALUE));
        assertThat(unkeyed.candidates(VALUE)).containsExactly(TokenDigest.sha256(VALUE));
    }

    @Test
    void keyedFollowsARotationAndFindsWhatWasThereBefore() {
        TokenHasher keyed = TokenHasher.hmac(ring::get);
        TokenDigest before = keyed.digest(VALUE);
        assertThat(before.keyId()).isEqualTo("old");
        ring.set(ring.get().writingWith(young));
        assertThat(keyed.digest(VALUE).keyId()).isEqualTo("young");
        assertThat(keyed.candidates(VALUE))
                .containsExactly(
                        young.digest(Purpose.TOKENS, VALUE),
                        old.digest(Purpose.TOKENS, VALUE),
                        TokenDigest.sha256(VALUE))
                .contains(before);
    }

    @Test
    void userCodesAreNeverUnkeyedAndUnlikeTokens() {
        TokenHasher userCodes = TokenHasher.userCodes(ring::get);
        assertThat(userCodes.candidates(VALUE)).containsExactly(userCodes.digest(VALUE));
        assertThat(userCodes.digest(VALUE).sameBytes(old.digest(Purpose.TOKENS, VALUE)))
                .isFalse();
    }
}
