package io.qscope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be printed of a secret: nothing that could be replayed or looked up by. */
class SecrecyTest {

    private static final String VALUE = "the-token-itself";

    @Test
    void digestIsTheSha256OfTheUtf8Bytes() {
        assertThat(HexFormat.of().formatHex(TokenDigest.sha256("ключ").bytes()))
                .isEqualTo("1de36a32af798da0c1ac9297603a320ed8fe567cf21c9177112a4ce914ebb8be");
    }

    @Test
    void digestPrintsEightHexDigits() {
        TokenDigest digest = TokenDigest.sha256(VALUE);
        String whole = HexFormat.of().formatHex(digest.bytes());
        assertThat(digest.toString()).isEqualTo("digest " + whole.substring(0, 8) + "…");
        assertThat(TokenDigest.of(digest.bytes(), "k1").toString())
                .isEqualTo("digest " + whole.substring(0, 8) + "… (key k1)");
    }

    @Test
    void rowsPrintNeitherDigestNorSecretNorChallengeNorClaim() {
        TokenDigest digest = TokenDigest.sha256(VALUE);
        String ninthOn = HexFormat.of().formatHex(digest.bytes()).substring(8);
        List<Row> rows = List.of(
                Samples.authorizationCode().toBuilder()
                        .code(digest)
                        .codeChallenge("challenge-secret")
                        .build(),
                Samples.accessToken().toBuilder().token(digest).build(),
                Samples.refreshToken().toBuilder().token(digest).build(),
                Samples.deviceCode().toBuilder()
                        .deviceCode(digest)
                        .userCode(digest)
                        .build(),
                Samples.idToken().toBuilder()
                        .token(digest)
                        .metadata(Map.of("email", "claim-secret"))
                        .build(),
                Samples.authorizationRequest().toBuilder()
                        .handle(digest)
                        .parameters(Map.of("id_token_hint", "parameter-secret"))
                        .build(),
                Samples.client().toBuilder()
                        .clientSecret(new EncodedSecret("{noop}hash-secret"))
                        .previousClientSecret(new EncodedSecret("{noop}previous-secret"))
                        .build());
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.toString().toLowerCase(Locale.ROOT))
                        .contains(row.id())
                        .doesNotContain(
                                ninthOn,
                                VALUE,
                                "challenge-secret",
                                "claim-secret",
                                "parameter-secret",
                                "hash-secret",
                                "previous-secret"));
    }

    @Test
    void digestIsAValue() {
        TokenDigest digest = TokenDigest.sha256(VALUE);
        digest.bytes()[0] ^= 1;
        assertThat(digest).isEqualTo(TokenDigest.sha256(VALUE)).hasSameHashCodeAs(TokenDigest.sha256(VALUE));
        TokenDigest keyed = TokenDigest.of(digest.bytes(), "k1");
        assertThat(keyed).isNotEqualTo(digest).hasSameHashCodeAs(digest);
        assertThat(keyed.sameBytes(digest)).isTrue();
        assertThat(digest.sameBytes(TokenDigest.sha256("another"))).isFalse();
        assertThat(digest).isNotEqualTo(null).isNotEqualTo(VALUE);
    }

    @Test
    void digestOfAnotherFormIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenDigest.of(new byte[31], null))
                .withMessage("digest must have 32 bytes, has 31");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenDigest.of(new byte[32], "two words"))
                .withMessageStartingWith("keyId ")
                .withMessageNotContaining("two words");
    }

    @Test
    void secretPrintsItsSchemeAlone() {
        EncodedSecret secret = new EncodedSecret("{pbkdf2@SpringSecurity_v5_8}0123secret");
        assertThat(secret.scheme()).isEqualTo("pbkdf2@SpringSecurity_v5_8");
        assertThat(secret).hasToString("{pbkdf2@SpringSecurity_v5_8}…");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain-secret", "{}secret", "{bcrypt}", "{two words}secret", "{bcrypt}sec\nret", " \t "})
    void plainTextIsNoEncodedSecret(String plain) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EncodedSecret(plain))
                .withMessageStartingWith("secret ")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(plain));
    }

    @Test
    void longSecretIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EncodedSecret("{bcrypt}" + "x".repeat(Limits.ENCODED_SECRET)))
                .withMessageNotContaining("xxx");
    }
}
