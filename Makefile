# Every command of the project. `make` alone says which.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint format i18n bench mutants clean

PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/.runtime-installed
DEV := .venv/.dev-installed
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
SOURCES := app bench tests tools config.py wsgi.py
PORT ?= 8000
ARGS ?=

help: ## Dire ce que chaque commande fait
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(RUNTIME) ## Lancer une démonstration remplie sur http://127.0.0.1:8000 (PORT=… pour un autre port)
	@PORT=$(PORT) $(BIN)/python -m tools.serve_demo

test: $(DEV) ## Tout vérifier, sur SQLite et PostgreSQL, navigateur compris (ARGS="-k recherche" pour choisir)
	@$(BIN)/python -m tools.run_tests $(ARGS)

lint: $(DEV) ## Relire le code : ruff, mypy, import-linter, djlint
	@$(BIN)/python -m tools.lint

format: $(DEV) ## Mettre le code Python en forme
	@$(BIN)/ruff check --fix-only --quiet $(wildcard $(SOURCES))
	@$(BIN)/ruff format $(wildcard $(SOURCES))

i18n: $(DEV) ## Relever les phrases à traduire et mettre à jour l’anglais
	@$(BIN)/python -m tools.i18n

bench: $(DEV) ## Mesurer les temps de réponse et d’écriture
	@$(BIN)/python -m bench $(ARGS)

mutants: $(DEV) ## Abîmer les règles une à une et vérifier que les tests le voient
	@$(BIN)/python -m tools.mutants $(ARGS)

clean: ## Effacer l’environnement, les caches et les données de démonstration
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis tests-output bench-output
	rm -f instance/demo.sqlite instance/demo.sqlite-shm instance/demo.sqlite-wal
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 ou plus récent est nécessaire (PYTHON=… pour en choisir un)."; exit 1; }
	@$(PYTHON) -m venv .venv \
	  || { rm -rf .venv; echo "Installez d’abord : apt install git make python3-venv"; exit 1; }

$(RUNTIME): requirements.txt | $(BIN)/python
	@echo "Installation de l’application…"
	@$(PIP) -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt requirements.txt | $(BIN)/python
	@echo "Installation des outils de développement…"
	@$(PIP) -r requirements-dev.txt
	@touch $(RUNTIME) $@
