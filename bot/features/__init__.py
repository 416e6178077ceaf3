"""What buttons, menus, forms and events of each feature do."""
