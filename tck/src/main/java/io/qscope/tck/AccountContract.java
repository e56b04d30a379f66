package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.EncodedSecret;
import io.qscope.model.SigningKey;
import io.qscope.model.UserAccount;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Page;
import io.qscope.store.Storage;
import io.qscope.store.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What users who can sign in, and the keys that servers sign with, promise beside what every table does. */
abstract class AccountContract extends ContractGroup {

    AccountContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void anAccountIsReadByItsUsernameDisabledOrNot() {
        UserAccount account = rows().storedUserAccount();
        UserAccount disabled =
                rows().stored(rows().userAccount().toBuilder().disabledAt(NOW).build());

        assertThat(await(storage().users().getByUsername(account.username(), ray())))
                .contains(account);
        assertThat(await(storage().users().getByUsername(disabled.username(), ray())))
                .contains(disabled);
        assertThat(await(storage().users().getByUsername(rows().user(), ray()))).isEmpty();
    }

    @Test
    void aUsernameIsTakenOnceAndInTheCaseThatItIsWrittenIn() {
        UserAccount account = rows().stored(rows().userAccount().toBuilder()
                .username("ada-" + rows().id())
                .build());
        UserAccount same =
                rows().userAccount().toBuilder().username(account.username()).build();
        UserAccount other = same.toBuilder()
                .username(account.username().replace("ada", "Ada"))
                .build();

        DuplicateRowException taken =
                failure(DuplicateRowException.class, ray -> storage().users().insert(same, ray));

        assertThat(taken.key()).isEqualTo("username");
        assertThat(taken.table()).isEqualTo(TableName.USERS);
        await(storage().users().insert(other, ray()));
        assertThat(await(storage().users().getByUsername(account.username(), ray())))
                .contains(account);
    }

    @Test
    void anAccountChangesButForItsUsername() {
        UserAccount account = rows().storedUserAccount();
        UserAccount changed = account.toBuilder()
                .password(new EncodedSecret("{noop}another"))
                .claims(Map.of("email", "a@example.com"))
                .disabledAt(NOW)
                .build();

        await(storage().users().update(changed, ray()));

        UserAccount written = changed.toBuilder().version(2).build();
        UserAccount renamed = written.toBuilder().username(rows().user()).build();
        assertThat(row(storage().users(), account.id())).isEqualTo(written);
        failure(InvalidRowException.class, ray -> storage().users().update(renamed, ray));
        assertThat(row(storage().users(), account.id())).isEqualTo(written);
    }

    @Test
    void aKeyIsRetiredAndSealedAnewAndStaysTheKeyThatItIs() {
        SigningKey key = rows().storedSigningKey();
        SigningKey retired = key.toBuilder()
                .sealedKey("v1.another." + rows().id())
                .retiredAt(NOW)
                .expiresAt(NOW.plusSeconds(600))
                .build();

        await(storage().signingKeys().update(retired, ray()));

        SigningKey written = retired.toBuilder().version(2).build();
        SigningKey other = written.toBuilder().publicKey("{}").build();
        assertThat(row(storage().signingKeys(), key.id())).isEqualTo(written);
        assertThat(written.signs(NOW)).isFalse();
        assertThat(written.isPublished(NOW)).isTrue();
        failure(InvalidRowException.class, ray -> storage().signingKeys().update(other, ray));
    }

    @Test
    void keysAndAccountsAreListedByIdAndNeverPurged() {
        Storage own = empty();
        List<SigningKey> keys = new ArrayList<>();
        List<UserAccount> accounts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            keys.add(rows(own)
                    .stored(rows(own).signingKey().toBuilder()
                            .id(i + "-" + rows().id())
                            .expiresAt(NOW)
                            .build()));
            accounts.add(rows(own)
                    .stored(rows(own).userAccount().toBuilder()
                            .id(i + "-" + rows().id())
                            .disabledAt(NOW)
                            .build()));
        }

        await(own.purge(NOW.plusSeconds(1), 1_000, attempt(NOW), ray()));

        assertThat(await(own.signingKeys().list(Page.first(10), ray())).rows()).containsExactlyElementsOf(keys);
        assertThat(await(own.users().list(Page.first(2), ray())).rows())
                .containsExactlyElementsOf(accounts.subList(0, 2));
    }

    @Test
    void anAccountIsMadeWithItsAuditEntryOrNotAtAll() {
        UserAccount taken = rows().storedUserAccount();
        UserAccount account = rows().userAccount();
        UserAccount second =
                rows().userAccount().toBuilder().username(taken.username()).build();

        await(storage()
                .unitOfWork(attempt(NOW))
                .insert(account)
                .insert(rows().auditLog())
                .commit(ray()));
        failure(
                DuplicateRowException.class,
                ray -> storage()
                        .unitOfWork(attempt(NOW))
                        .insert(rows().auditLog())
                        .insert(second)
                        .commit(ray));

        assertThat(row(storage().users(), account.id()).username()).isEqualTo(account.username());
        assertThat(await(storage().users().getById(second.id(), ray()))).isEmpty();
    }
}
