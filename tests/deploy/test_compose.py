"""docker-compose.yml: the shape of a grown house, as docker-compose itself reads it."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.settings import SettingsError, load_settings

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {"postgres_password", "database_url", "app_secret"}


@pytest.fixture(scope="module")
def compose(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What docker-compose makes of the file, with every default and anchor resolved."""
    folder = tmp_path_factory.mktemp("compose")
    shutil.copy(ROOT / "docker-compose.yml", folder)
    shutil.copytree(ROOT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns("secrets"))
    subprocess.run([folder / "deploy" / "make-secrets"], check=True, capture_output=True)
    done = subprocess.run(
        ["docker-compose", "--file", str(folder / "docker-compose.yml"), "config"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = yaml.safe_load(done.stdout)
    return read


def test_it_has_the_five_services_of_the_grown_house(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"postgres", "web", "media", "worker", "nginx"}


@pytest.mark.parametrize("service", ["web", "media", "worker"])
def test_each_part_runs_its_command_of_the_one_image(compose: dict[str, Any], service: str) -> None:
    described = compose["services"][service]
    assert described["command"] == [service]
    assert described["image"] == "weiketang"


@pytest.mark.parametrize("service", ["web", "media", "worker"])
def test_the_settings_it_gives_are_settings(
    compose: dict[str, Any], service: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in compose["services"][service]["environment"].items():
        if name.endswith("_FILE"):
            secret = tmp_path / name
            url = "postgres://weiketang:secret@postgres:5432/weiketang"
            secret.write_text(url if "DATABASE" in name else "s" * 64)
            value = str(secret)
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.database_url.startswith("postgres://")
    assert settings.app_secret == "s" * 64
    monkeypatch.setenv("WEIKETANG_NO_SUCH_SETTING", "1")
    with pytest.raises(SettingsError):
        load_settings()


def test_secrets_come_as_files_and_stand_in_no_environment(compose: dict[str, Any]) -> None:
    assert set(compose["secrets"]) == SECRETS
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            secret = any(word in name for word in ("SECRET", "PASSWORD", "DATABASE_URL"))
            assert not secret or (name.endswith("_FILE") and value.startswith("/run/secrets/")), name


def test_only_the_proxy_and_the_rtmp_port_are_reached_from_outside(compose: dict[str, Any]) -> None:
    published = {
        name: [port["target"] for port in service.get("ports", [])]
        for name, service in compose["services"].items()
    }
    assert published == {"postgres": [], "web": [], "worker": [], "media": [1935], "nginx": [80]}


def test_every_part_but_the_worker_is_asked_whether_it_is_well(compose: dict[str, Any]) -> None:
    assert compose["services"]["worker"]["healthcheck"] == {"test": ["NONE"]}
    assert compose["services"]["postgres"]["healthcheck"]["test"][1] == "pg_isready"
    assert "http://127.0.0.1/healthz" in compose["services"]["nginx"]["healthcheck"]["test"]
    image = (ROOT / "Dockerfile").read_text()
    assert "HEALTHCHECK" in image
    assert "/healthz" in image


def test_the_journal_is_on_a_volume_that_the_worker_sees_too(compose: dict[str, Any]) -> None:
    def volumes(service: str) -> list[str]:
        return [str(volume) for volume in compose["services"][service]["volumes"]]

    assert volumes("media") == volumes("worker") == ["media:/data:rw"]
    assert (ROOT / "Dockerfile").read_text().count("WEIKETANG_DATA_DIR=/data") == 1


def test_what_the_proxy_mounts_is_there(compose: dict[str, Any]) -> None:
    mounts = [str(volume) for volume in compose["services"]["nginx"]["volumes"]]
    assert any(mount.endswith("deploy/nginx:/etc/nginx/weiketang:ro") for mount in mounts)
    command = compose["services"]["nginx"]["command"]
    assert command[-1] == "/etc/nginx/weiketang/nginx.conf"
    assert (ROOT / "deploy" / "nginx" / "nginx.conf").is_file()


def test_the_image_is_set_up_by_the_script_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert any(line.startswith("RUN scripts/setup --no-dev") for line in lines)
    assert "USER weiketang" in lines
    assert lines.index("USER weiketang") < lines.index('ENTRYPOINT ["weiketang"]')


def test_secrets_once_made_are_left_as_they_are(tmp_path: Path) -> None:
    script = tmp_path / "make-secrets"
    shutil.copy(ROOT / "deploy" / "make-secrets", script)
    subprocess.run([script], check=True, capture_output=True)
    first = {name: (tmp_path / "secrets" / name).read_text() for name in SECRETS}
    subprocess.run([script], check=True, capture_output=True)
    assert {name: (tmp_path / "secrets" / name).read_text() for name in SECRETS} == first
    assert len(first["app_secret"]) == 64
    assert first["postgres_password"] in first["database_url"]
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
