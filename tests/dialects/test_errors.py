"""CleanFlow's errors: every documented code with its status and words, and one body for everything else that fails."""

import re

import pytest

from tests.dialects.client import BASE, PASSWORD, Client, refused
from tests.dialects.conftest import PEOPLE

JAPANESE = "ja,en;q=0.5"
WORDS = {
    "EMAIL_ALREADY_EXISTS": "このメールアドレスは既に登録されています",
    "WEAK_PASSWORD": "パスワードは8文字以上である必要があります",
    "INVALID_CREDENTIALS": "メールアドレスまたはパスワードが正しくありません",
    "INVALID_TOKEN": "トークンが無効または期限切れです",
    "INVALID_FILE_FORMAT": "CSVファイルのみアップロード可能です",
    "FILE_TOO_LARGE": "ファイルサイズは100MB以下である必要があります",
    "DATASET_NOT_FOUND": "データセットが見つかりません",
    "ACCESS_DENIED": "このデータセットへのアクセス権限がありません",
    "INVALID_TASK_TYPE": "タスク種別は classification, regression, clustering のいずれかである必要があります",
    "TARGET_COLUMN_NOT_FOUND": "指定されたターゲット列がデータセットに存在しません",
    "PLAN_GENERATION_FAILED": "前処理プランの生成に失敗しました",
    "EXECUTION_FAILED": "プランの実行中にエラーが発生しました",
}


def in_both_languages(ask, client, status, code, english):
    """The error in English, after a look at both; ``english`` is a part of its message."""
    japanese = refused(ask(client.speaking(JAPANESE)), status, code)
    assert japanese["message"] == WORDS[code]
    assert refused(ask(client.speaking("ja-JP")), status, code)["message"] == WORDS[code]
    error = refused(ask(client), status, code)
    assert english in error["message"]
    assert not re.search("[ぁ-んァ-ヶ一-龠]", error["message"])
    assert set(error) == set(japanese)
    if code != "EXECUTION_FAILED":
        assert set(error) == {"code", "message"}
    return error


def test_an_email_that_is_taken(hanako):
    again = {"email": "HANAKO@example.com", "password": PASSWORD}
    in_both_languages(
        lambda one: one.post("auth/register", again), Client(), 400, "EMAIL_ALREADY_EXISTS", "already registered"
    )


@pytest.mark.parametrize(("password", "problem"), [("short-1", "at least 8"), ("password", "too common")])
def test_a_weak_password(anybody, password, problem):
    given = {"email": "a@example.com", "password": password}
    in_both_languages(lambda one: one.post("auth/register", given), anybody, 400, "WEAK_PASSWORD", problem)


@pytest.mark.parametrize("email", ["hanako@example.com", "nobody@example.com"])
def test_wrong_credentials(hanako, email):
    given = {"email": email, "password": "not-the-password"}
    in_both_languages(
        lambda one: one.post("auth/login", given), Client(), 401, "INVALID_CREDENTIALS", "password is not correct"
    )


@pytest.mark.parametrize(("token", "english"), [("", "Sign in first"), ("a.bad.token", "invalid or has expired")])
@pytest.mark.parametrize("path", ["auth/me", "datasets", "datasets/1", "datasets/1/profile", "plans", "executions/1"])
def test_no_token_or_a_bad_one(db, path, token, english):
    in_both_languages(lambda one: one.get(path), Client(token=token), 401, "INVALID_TOKEN", english)
    assert Client().get(path)["WWW-Authenticate"].startswith("Bearer")


def test_who_is_not_signed_in_learns_nothing_about_ids(anybody):
    refused(anybody.get("datasets/no-such-thing"), 401, "INVALID_TOKEN")


def test_a_file_that_is_no_table(hanako):
    in_both_languages(
        lambda one: one.upload(b"\x89PNG\r\n\x1a\n" + bytes(100), "table.csv"), hanako, 400, "INVALID_FILE_FORMAT",
        "can't be read",
    )  # fmt: skip


def test_a_file_that_is_too_large(hanako, settings):
    settings.MAX_FILE_SIZE = 50
    in_both_languages(lambda one: one.upload(PEOPLE), hanako, 400, "FILE_TOO_LARGE", "at most 50 bytes")


UUID = "456e7890-e89b-12d3-a456-426614174001"


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 5000, UUID, "１", "a%20b", "-1", "1.0"])
def test_a_dataset_that_is_none(hanako, pk):
    for ask in (
        lambda one: one.get(f"datasets/{pk}"),
        lambda one: one.delete(f"datasets/{pk}"),
        lambda one: one.get(f"datasets/{pk}/profile"),
        lambda one: one.post(f"datasets/{pk}/plan", {"task_type": "clustering"}),
    ):
        assert refused(ask(hanako.speaking("ja")), 404, "DATASET_NOT_FOUND")["message"] == WORDS["DATASET_NOT_FOUND"]
        assert "There is no dataset" in refused(ask(hanako), 404, "DATASET_NOT_FOUND")["message"]


@pytest.mark.parametrize("pk", ["999999", UUID])
def test_a_plan_or_an_execution_that_is_none(hanako, pk):
    refused(hanako.get(f"plans/{pk}"), 404, "PLAN_NOT_FOUND")
    refused(hanako.post(f"plans/{pk}/execute"), 404, "PLAN_NOT_FOUND")
    refused(hanako.get(f"executions/{pk}"), 404, "EXECUTION_NOT_FOUND")


def test_somebody_elses(hanako, stranger, people, plan):
    done = hanako.post(f"plans/{plan}/execute").json()["data"]["execution_id"]
    for ask in (
        lambda one: one.get(f"datasets/{people}"),
        lambda one: one.delete(f"datasets/{people}"),
        lambda one: one.get(f"datasets/{people}/profile"),
        lambda one: one.post(f"datasets/{people}/plan", {"task_type": "clustering"}),
        lambda one: one.get(f"plans/{plan}"),
        lambda one: one.post(f"plans/{plan}/execute"),
        lambda one: one.get(f"executions/{done}"),
    ):
        in_both_languages(ask, stranger, 403, "ACCESS_DENIED", "no access")
    assert hanako.get(f"datasets/{people}").status_code == 200


def test_a_task_that_is_none(hanako, people):
    wish = {"task_type": "prophecy", "target_column": "target"}
    in_both_languages(
        lambda one: one.post(f"datasets/{people}/plan", wish), hanako, 400, "INVALID_TASK_TYPE", "regression"
    )


def test_a_target_that_is_not_there(hanako, people):
    wish = {"task_type": "regression", "target_column": "height"}
    in_both_languages(
        lambda one: one.post(f"datasets/{people}/plan", wish), hanako, 400, "TARGET_COLUMN_NOT_FOUND", "height"
    )


def test_a_model_that_was_asked_for_and_is_not_there(hanako, people, settings):
    settings.LLM_BASE_URL = ""
    wish = {"task_type": "clustering", "planner": "llm"}
    in_both_languages(
        lambda one: one.post(f"datasets/{people}/plan", wish), hanako, 500, "PLAN_GENERATION_FAILED", "plan"
    )


def test_an_execution_that_fails(hanako, plan, people):
    """Through the main API somebody gives the plan a step that can't work."""
    steps = [
        {"operation": "drop_columns", "params": {"columns": ["income"]}},
        {"operation": "drop_columns", "params": {"columns": ["height"]}},
    ]
    changed = hanako.sends.put(
        f"/api/v1/plans/{plan}", {"steps": steps}, format="json", headers={"Authorization": f"Bearer {hanako.token}"}
    )
    assert changed.status_code == 200, changed.content
    before = hanako.get("datasets").json()["data"]["total"]
    error = in_both_languages(lambda one: one.post(f"plans/{plan}/execute"), hanako, 400, "EXECUTION_FAILED", "step 2")
    assert set(error["details"]) == {"step_order", "error_message"}
    assert error["details"]["step_order"] == 2
    assert "height" in error["details"]["error_message"]
    assert hanako.get("datasets").json()["data"]["total"] == before


# --- what the document does not tell ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["nowhere", "auth", "datasets/1/rows", "datasets/1/plan/2", ""])
def test_an_address_that_is_none(anybody, path):
    error = refused(anybody.get(path), 404, "ROUTE_NOT_FOUND")
    assert error["details"] == {"path": f"{BASE}/{path}"}
    assert not refused(anybody.speaking("ja").get(path), 404, "ROUTE_NOT_FOUND")["message"].isascii()


def test_an_address_beside_the_version(anybody):
    refused(anybody.sends.get("/cleanflow/api/v2/datasets"), 404, "ROUTE_NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "path"),
    [("put", "datasets/1"), ("patch", "datasets/1"), ("post", "datasets/1"), ("delete", "datasets"), ("put", "plans/1"),
     ("delete", "plans/1"), ("get", "auth/login"), ("get", "plans/1/execute"), ("options", "datasets")],
)  # fmt: skip
def test_a_method_that_the_document_does_not_show(hanako, method, path):
    response = hanako.request(method, path)
    refused(response, 405, "METHOD_NOT_ALLOWED")
    assert response["Allow"]


def test_a_body_that_can_not_be_read(anybody):
    response = anybody.sends.post(f"{BASE}/auth/login", b"{", content_type="application/json")
    refused(response, 400, "PARSE_ERROR")


def test_a_body_of_another_type_is_a_bad_request(anybody, hanako):
    response = anybody.sends.post(f"{BASE}/auth/login", b"<a/>", content_type="text/xml")
    refused(response, 400, "UNSUPPORTED_MEDIA_TYPE")
    refused(hanako.post("datasets", {"name": "no file"}), 400, "UNSUPPORTED_MEDIA_TYPE")


def test_a_conflict_is_a_bad_request(hanako, people):
    from datasets.models import Dataset

    Dataset.objects.filter(pk=people).update(status=Dataset.Status.PROCESSING)
    response = hanako.get(f"datasets/{people}/profile")
    refused(response, 400, "DATASET_NOT_READY")
    assert response["Retry-After"]


def test_fields_that_are_missing_are_named(anybody, hanako, people):
    error = refused(anybody.post("auth/register", {}), 400, "VALIDATION_ERROR")
    assert set(error["details"]) == {"email", "password"}
    error = refused(hanako.post(f"datasets/{people}/plan", {}), 400, "VALIDATION_ERROR")
    assert set(error["details"]) == {"task_type"}
    refused(hanako.request("post", "datasets", {"name": "x"}, format="multipart"), 400, "FILE_MISSING")


def test_too_many_requests(anybody, settings):
    settings.THROTTLE = True
    settings.THROTTLE_RATES = settings.THROTTLE_RATES | {"account": (1, 3600)}
    answers = [anybody.post("auth/login", {"email": "a@example.com", "password": "x"}) for _ in range(3)]
    refused(answers[-1], 429, "THROTTLED")
    assert int(answers[-1]["Retry-After"]) > 0


def test_a_query_that_no_view_ever_sees(anybody):
    refused(anybody.get("datasets?q=%00"), 400, "INVALID_CHARACTERS")


def test_a_host_that_is_not_ours(anybody):
    refused(anybody.get("datasets", headers={"Host": "evil.example"}), 400, "BAD_REQUEST")


def test_a_crash_in_a_view(anybody, monkeypatch):
    def crash(*args, **kwargs):
        raise RuntimeError("boom")

    monkeypatch.setattr("accounts.views.entry.register", crash)
    response = anybody.post("auth/register", {"email": "a@example.com", "password": PASSWORD})
    assert "boom" not in str(refused(response, 500, "SERVER_ERROR"))


def test_a_crash_around_a_view(hanako, people, monkeypatch):
    def crash(*args, **kwargs):
        raise RuntimeError("boom")

    monkeypatch.setattr("core.api.JSONRenderer.render", crash)
    assert "boom" not in str(refused(hanako.get("datasets"), 500, "SERVER_ERROR"))


def test_a_reader_who_takes_no_json(hanako):
    refused(hanako.get("datasets", headers={"Accept": "text/html"}), 406, "NOT_ACCEPTABLE")
