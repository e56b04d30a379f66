package io.qscope.store;

import io.qscope.model.RayId;
import io.qscope.model.UserAccount;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Users who can sign in. {@link #update} may change all of an account but its {@code username}. */
public interface UserAccountTable extends BaseTable<UserAccount> {

    /**
     * Reads an account by the name that its user signs in with.
     *
     * @return the account, enabled or not; empty when there is none; fails as {@link #getById}
     */
    CompletableFuture<Optional<UserAccount>> getByUsername(String username, RayId rayId);

    /**
     * Lists accounts, disabled ones too, ordered by id.
     *
     * @return the page; fails with {@link InvalidRowException} when it starts after what no page of this listing ended
     *     with, and as {@link #getById}
     */
    CompletableFuture<Slice<UserAccount>> list(Page page, RayId rayId);
}
