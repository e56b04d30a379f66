package io.qscope.app.user;

import io.qscope.model.UserAccount;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An account as it is shown: without its password, hashed as it is. */
final class UserView {

    private UserView() {}

    static Map<String, @Nullable Object> of(UserAccount account) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", account.id());
        view.put("username", account.username());
        view.put("enabled", account.isEnabled());
        view.put("password_scheme", account.password().scheme());
        view.put("claims", account.claims());
        view.put("created_at", account.createdAt());
        view.put("created_by", account.createdBy());
        view.put("updated_at", account.updatedAt());
        view.put("updated_by", account.updatedBy());
        return view;
    }
}
